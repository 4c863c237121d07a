import capture from './capture'
import common from './common'
import outbox from './outbox'
import today from './today'

/** What is needed to check in; signing in, help and the other screens have words of their own. */
export default { ...common, ...today, ...capture, ...outbox } as const
