/** One believable record of any declared kind, with its prerequisites created first: for sweeps over all kinds. */
import type { RecordKind } from '#kernel/record.ts'
import { exampleOf } from '#platform/http/index.ts'
import type { Core } from './core.ts'

/** Creates records, one of each kind, and remembers them. */
export function samplesOf(core: Core): (kind: string) => Promise<string> {
  const { registry } = core.as()
  const say = registry.words.say('en')
  const made = new Map<string, Promise<string>>()
  const ofKind = (name: string): Promise<string> => {
    let id = made.get(name)
    if (!id) {
      id = make(registry.kind(name).declaration)
      made.set(name, id)
    }
    return id
  }
  const make = async (kind: RecordKind): Promise<string> => {
    const values = exampleOf(kind, say)
    if (values.organisation) values.organisation = await ofKind('directory.organisation')
    if (values.owner) values.owner = await ofKind('directory.post')
    for (const [name, field] of Object.entries(kind.fields)) {
      if (!(name in values) || !field.to) continue
      const id = await ofKind(field.to)
      values[name] = field.type === 'refs' ? [id] : id
    }
    return core.make(kind.kind, values)
  }
  return ofKind
}
