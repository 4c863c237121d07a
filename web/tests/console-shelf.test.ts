import { describe, expect, it } from 'vitest'
import type { CaseView } from '../src/console/api/reviews'
import { photosOf, Shelf } from '../src/console/case/shelf'
import { attempt, caseView } from './console-cases'

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

/** Loaders whose answers come when the test says so; photos are their own names. */
function loaders() {
  const asked: string[] = []
  const dropped: string[] = []
  const waiting = new Map<string, { give: (value: never) => void; fail: (why: unknown) => void }>()
  const wait = <T>(what: string): Promise<T> => {
    asked.push(what)
    return new Promise<T>((give, fail) => waiting.set(what, { give: give as (value: never) => void, fail }))
  }
  let changes = 0
  const shelf = new Shelf<string>(
    {
      view: (id) => wait<CaseView>(`view ${id}`),
      photo: (checkin) => wait<string>(`photo ${checkin}`),
      drop: (photo) => dropped.push(photo),
    },
    () => (changes += 1),
  )
  async function answer(what: string, value: unknown): Promise<void> {
    const one = waiting.get(what)
    if (!one) throw new Error(`${what} was not asked for`)
    if (value instanceof Error) one.fail(value)
    else one.give(value as never)
    await turn()
  }
  const arrive = async (id: string): Promise<void> => {
    await answer(`view ${id}`, caseView(id))
    await answer(`photo ${id}-1`, `${id}-1`)
    await answer(`photo ${id}-last`, `${id}-last`)
  }
  return { shelf, asked, dropped, answer, arrive, changes: () => changes }
}

describe('the cases that are kept', () => {
  it('come one after another, the first with its photos before the next one', async () => {
    const { shelf, asked, arrive } = loaders()
    shelf.keep(['a', 'b', 'c'])
    expect(asked).toEqual(['view a'])
    await arrive('a')
    expect(asked).toEqual(['view a', 'photo a-1', 'photo a-last', 'view b'])
    await arrive('b')
    expect(asked.at(-1)).toBe('view c')
  })

  it('are there at once when they are gone on to', async () => {
    const { shelf, asked, arrive } = loaders()
    shelf.keep(['a', 'b'])
    await arrive('a')
    await arrive('b')
    const before = asked.length
    shelf.keep(['b', 'c'])
    expect(shelf.get('b')?.photos.get('b-1')).toBe('b-1')
    expect(shelf.seen('b')).toBe(true)
    await turn()
    expect(asked.slice(before)).toEqual(['view c'])
  })

  it('are let go with their photos when nobody needs them', async () => {
    const { shelf, dropped, arrive } = loaders()
    shelf.keep(['a'])
    await arrive('a')
    shelf.keep(['b'])
    expect(dropped).toEqual(['a-1', 'a-last'])
    expect(shelf.get('a')).toBeUndefined()
  })

  it('that are no longer to come are not fetched after all', async () => {
    const { shelf, asked, arrive } = loaders()
    shelf.keep(['a', 'b'])
    shelf.keep(['a', 'c'])
    await arrive('a')
    expect(asked).toContain('view c')
    expect(asked).not.toContain('view b')
    expect(shelf.get('b')).toBeUndefined()
  })

  it('do not keep a photo that comes after they were let go', async () => {
    const { shelf, dropped, answer } = loaders()
    shelf.keep(['a'])
    await answer('view a', caseView('a'))
    shelf.keep([])
    await answer('photo a-1', 'a-1')
    expect(dropped).toEqual(['a-1'])
  })
})

describe('seeing', () => {
  const three = caseView('a', {
    checkins: [attempt('c1'), attempt('c2'), attempt('c3', { in_case: false })],
    last_accepted: null,
  })

  it('needs the photo of every flagged attempt, and of no other', async () => {
    const { shelf, answer } = loaders()
    shelf.keep(['a'])
    await answer('view a', three)
    await answer('photo c1', 'c1')
    expect(shelf.seen('a')).toBe(false)
    await answer('photo c2', 'c2')
    expect(shelf.seen('a')).toBe(true)
  })

  it('is not had by a photo that failed, until it was tried again', async () => {
    const { shelf, answer } = loaders()
    shelf.keep(['a'])
    await answer('view a', caseView('a', { last_accepted: null }))
    await answer('photo a-1', new Error('broken'))
    expect(shelf.get('a')?.photos.get('a-1')).toBe('failed')
    expect(shelf.seen('a')).toBe(false)
    shelf.again('a')
    await turn()
    await answer('photo a-1', 'a-1')
    expect(shelf.seen('a')).toBe(true)
  })

  it('is not needed of a photo that is gone: nobody can see it', async () => {
    const { shelf, answer, dropped } = loaders()
    shelf.keep(['a'])
    await answer('view a', caseView('a', { last_accepted: null }))
    await answer('photo a-1', 'gone')
    expect(shelf.seen('a')).toBe(true)
    shelf.keep([])
    expect(dropped).toEqual([])
  })

  it('asks for the flagged photos first, then for the one to compare with', () => {
    expect(photosOf(caseView('a'))).toEqual(['a-1', 'a-last'])
    expect(photosOf(three)).toEqual(['c1', 'c2'])
  })
})

describe('what a claim says', () => {
  it('is taken before the case was read, and is not overwritten by it', async () => {
    const { shelf, answer } = loaders()
    shelf.keep(['a'])
    shelf.put(caseView('a', { version: 2 }))
    await answer('view a', caseView('a', { version: 1 }))
    expect(shelf.get('a')?.view?.version).toBe(2)
  })

  it('loads the photo of an attempt that came meanwhile', async () => {
    const { shelf, asked, arrive } = loaders()
    shelf.keep(['a'])
    await arrive('a')
    shelf.put(caseView('a', { version: 2, checkins: [attempt('a-1'), attempt('a-2')] }))
    await turn()
    expect(asked.at(-1)).toBe('photo a-2')
    expect(shelf.seen('a')).toBe(false)
  })

  it('is forgotten for a case that is no longer kept', () => {
    const { shelf } = loaders()
    shelf.put(caseView('x'))
    expect(shelf.get('x')).toBeUndefined()
  })
})

it('a case that cannot be read says why, and is read again on request', async () => {
  const { shelf, answer, asked } = loaders()
  shelf.keep(['a'])
  await answer('view a', new Error('no network'))
  expect(shelf.get('a')?.problem).toBeInstanceOf(Error)
  shelf.again('a')
  await turn()
  expect(asked).toEqual(['view a', 'view a'])
  await answer('view a', caseView('a'))
  expect(shelf.get('a')).toMatchObject({ view: { id: 'a' }, problem: undefined })
})
