import type { Schemas } from '../../api/client'
import { del, get, post, put } from './client'
import type { Page } from './types'

/** A person in a list. */
export type PersonRow = Schemas['ListedView']
export type PersonDetail = Schemas['PersonRecord']
export type RoleHeld = Schemas['RoleView']
export type DeviceHeld = Schemas['PhoneRecord']
export type Place = Schemas['PlaceView']

const of = (nip: string): string => `/people/${encodeURIComponent(nip)}`

export const peopleOf = (unit: string, q: string, after?: string | null): Promise<Page<PersonRow>> =>
  get(`/units/${encodeURIComponent(unit)}/people`, { q, after, limit: 50 })
/** Of all units, for administrators. */
export const everybody = (q: string, after?: string | null): Promise<Page<PersonRow>> =>
  get('/people', { q, after, limit: 50 })
export const personOf = (nip: string): Promise<PersonDetail> => get(of(nip))
export const placesOf = (nip: string): Promise<Place[]> => get(`${of(nip)}/places`)
export const removeDevice = (nip: string, id: string): Promise<void> => del(`${of(nip)}/devices/${id}`)

export const addPerson = (person: Schemas['NewPerson']): Promise<PersonDetail> => post('/people', person)
export const changePerson = (nip: string, person: Schemas['PersonBody']): Promise<PersonDetail> =>
  put(of(nip), person)
export const setPassword = (nip: string, password: string): Promise<void> =>
  post(`${of(nip)}/password`, { password } satisfies Schemas['NewPassword'])
