import type { Schemas } from '../../api/client'
import type { Unit } from '../units/units'
import { get, post, put } from './client'
import type { CivilDate } from './types'

/** Those whoever asks supervises with all below; for an administrator all. */
export const units = async (): Promise<Unit[]> => (await get<Schemas['Units']>('/units')).units

export const addUnit = (unit: Schemas['NewUnit']): Promise<Unit> => post('/units', unit)
export const changeUnit = (code: string, unit: Schemas['UnitBody']): Promise<Unit> =>
  put(`/units/${encodeURIComponent(code)}`, unit)

export type SlotOfPerson = Schemas['PersonSlot']
export type PersonToday = Schemas['PersonDay']
export type Below = Schemas['UnitSum']
/** A unit on a day: its people, and the units directly below it in numbers. */
export type Board = Schemas['UnitDay']

export const board = (code: string, date?: CivilDate): Promise<Board> =>
  get(`/units/${encodeURIComponent(code)}/today`, { date })
