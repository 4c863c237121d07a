import type { CaseView } from '../api/reviews'

// Cases that are on the desk or come next, with their photos in memory. What is no longer needed is let go.

export interface Loaders<P> {
  view: (id: string, signal: AbortSignal) => Promise<CaseView>
  /** The photo of a check-in, ready to be drawn; `gone` when there is none any more that could be. */
  photo: (checkin: string, signal: AbortSignal) => Promise<P | 'gone'>
  /** Lets go of a photo. */
  drop: (photo: P) => void
}

/** A photo, or why it is not there: `failed` can be tried again. */
export type Found<P> = P | 'failed' | 'gone'

export interface Bundle<P> {
  readonly id: string
  readonly view?: CaseView
  /** Why the case could not be read. */
  readonly problem?: unknown
  readonly photos: ReadonlyMap<string, Found<P>>
}

interface Kept<P> {
  bundle: Bundle<P>
  stop: AbortController
  reading?: Promise<void>
  loading: Map<string, Promise<void>>
}

/** Photos that have to be seen before a decision, then the one to compare with. */
export const photosOf = (view: CaseView): string[] => [
  ...flagged(view),
  ...(view.last_accepted ? [view.last_accepted.checkin_id] : []),
]

/** The check-ins that a case is about. */
export const flagged = (view: CaseView): string[] =>
  view.checkins.filter(({ in_case }) => in_case).map(({ id }) => id)

export class Shelf<P> {
  #kept = new Map<string, Kept<P>>()
  #wanted: string[] = []

  constructor(
    private readonly loaders: Loaders<P>,
    /** Called when something is there that was not before. */
    private readonly changed: () => void,
  ) {}

  get(id: string | undefined): Bundle<P> | undefined {
    return id === undefined ? undefined : this.#kept.get(id)?.bundle
  }

  /** Keeps these cases, the most wanted first, and loads what they lack in that order; lets go of all others. */
  keep(ids: string[]): void {
    this.#wanted = [...new Set(ids)]
    for (const [id, kept] of this.#kept) if (!ids.includes(id)) this.#letGo(id, kept)
    void this.#fill()
  }

  /** What is known from elsewhere, like the answer to a claim; of a case that is kept. */
  put(view: CaseView): void {
    if (!this.#wanted.includes(view.id)) return
    this.#change(this.#at(view.id), { view, problem: undefined })
    void this.#fill()
  }

  /** Loads one more photo of a case that is kept. */
  async want(id: string, checkin: string): Promise<void> {
    const kept = this.#kept.get(id)
    if (kept) await this.#photo(kept, checkin)
  }

  /** Tries again what could not be loaded. */
  again(id: string): void {
    const kept = this.#kept.get(id)
    if (!kept) return
    const photos = new Map([...kept.bundle.photos].filter(([, photo]) => photo !== 'failed'))
    for (const checkin of [...kept.loading.keys()]) if (!photos.has(checkin)) kept.loading.delete(checkin)
    if (kept.bundle.problem) delete kept.reading
    this.#change(kept, { problem: undefined, photos })
    void this.#fill()
  }

  /** Whether every photo was opened that has to be seen before a decision; what is gone cannot be seen by anybody. */
  seen(id: string): boolean {
    const bundle = this.get(id)
    return !!bundle?.view && flagged(bundle.view).every((checkin) => opened(bundle.photos.get(checkin)))
  }

  async #fill(): Promise<void> {
    const order = this.#wanted
    for (const id of order) {
      if (order !== this.#wanted) return
      const kept = this.#at(id)
      await (kept.reading ??= kept.bundle.view ? Promise.resolve() : this.#read(kept))
      const { view } = kept.bundle
      if (view) await Promise.all(photosOf(view).map((checkin) => this.#photo(kept, checkin)))
    }
  }

  async #read(kept: Kept<P>): Promise<void> {
    try {
      const view = await this.loaders.view(kept.bundle.id, kept.stop.signal)
      // What a claim said meanwhile is newer.
      if (!kept.bundle.view) this.#change(kept, { view })
    } catch (problem) {
      if (!kept.stop.signal.aborted && !kept.bundle.view) this.#change(kept, { problem })
    }
  }

  #photo(kept: Kept<P>, checkin: string): Promise<void> {
    const known = kept.loading.get(checkin)
    if (known) return known
    const loading = this.#load(kept, checkin)
    kept.loading.set(checkin, loading)
    return loading
  }

  async #load(kept: Kept<P>, checkin: string): Promise<void> {
    const { signal } = kept.stop
    const photo = await this.loaders.photo(checkin, signal).catch(() => 'failed' as const)
    if (signal.aborted) return shown(photo) ? this.loaders.drop(photo) : undefined
    this.#change(kept, { photos: new Map([...kept.bundle.photos, [checkin, photo]]) })
  }

  #at(id: string): Kept<P> {
    let kept = this.#kept.get(id)
    if (!kept) {
      kept = { bundle: { id, photos: new Map() }, stop: new AbortController(), loading: new Map() }
      this.#kept.set(id, kept)
    }
    return kept
  }

  #change(kept: Kept<P>, change: Partial<Bundle<P>>): void {
    kept.bundle = { ...kept.bundle, ...change }
    this.changed()
  }

  #letGo(id: string, kept: Kept<P>): void {
    kept.stop.abort()
    this.#kept.delete(id)
    for (const photo of kept.bundle.photos.values()) if (shown(photo)) this.loaders.drop(photo)
  }
}

export const shown = <P>(photo: Found<P> | undefined): photo is P =>
  photo !== undefined && photo !== 'failed' && photo !== 'gone'

const opened = <P>(photo: Found<P> | undefined): boolean => photo !== undefined && photo !== 'failed'
