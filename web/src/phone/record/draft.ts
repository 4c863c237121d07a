import { forget, load, save } from '../../store/db'
import { person } from '../session/session.svelte'

/** Words that are being written: a phone may close the page at any time. */
const name = (what: string): string => `draft:${person().id}:${what}`

export const readDraft = async (what: string): Promise<string> => (await load<string>(name(what))) ?? ''
export const keepDraft = (what: string, text: string): Promise<void> => save(name(what), text)
export const dropDraft = (what: string): Promise<void> => forget(name(what))
