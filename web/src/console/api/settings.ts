import type { Schemas } from '../../api/client'
import { get } from './client'

// What administrators set, as it holds now.

export type Schedule = Schemas['ScheduleView']

export const schedules = async (unit: string): Promise<Schedule[]> =>
  (await get<Schemas['Schedules']>('/schedules', { unit })).schedules

export type Declared = Schemas['DeclaredView']

export const incidents = async (): Promise<Declared[]> =>
  (await get<Schemas['Incidents']>('/incidents')).incidents

export type PolicyValue = Schemas['PolicyValueView']

export const policy = async (): Promise<PolicyValue[]> => (await get<Schemas['PolicyView']>('/policy')).values
