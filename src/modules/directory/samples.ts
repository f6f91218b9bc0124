/** Organisations, people and posts of the demo city. */
import type { Change } from '#platform/records/index.ts'
import {
  cityRef,
  dayFor,
  type Sample,
  type SampleCity,
  sampleRecord,
  sampleRef,
  samplesPublished,
} from '#platform/samples.ts'
import { organisation, person, post } from './records.ts'
import organisations from './samples/organisations.json' with { type: 'json' }
import people from './samples/people.json' with { type: 'json' }
import posts from './samples/posts.json' with { type: 'json' }

const bodyRef = (name: string) => sampleRef('org', name)
const personRef = (name: string) => sampleRef('person', name)
const postRef = (name: string) => sampleRef('post', name)

function bodies(city: SampleCity): Change[] {
  const root = sampleRecord(city, organisation.kind, cityRef, {
    values: { title: city.title, organisationKind: 'city', sector: 'public' },
  })
  const others = organisations.map(({ ref, parent, ...body }: Body) =>
    sampleRecord(city, organisation.kind, bodyRef(ref), {
      values: {
        title: body.title,
        organisationKind: body.organisationKind,
        sector: body.sector,
        budgetCode: body.budgetCode ?? null,
        identityCode: body.identityCode ?? null,
        organisation: city.idOf(bodyRef(ref)),
        parent: city.idOf(parent === undefined ? cityRef : bodyRef(parent)),
      },
    }),
  )
  return [root, ...others]
}

type Body = Omit<(typeof organisations)[number], 'parent' | 'budgetCode'> & { parent?: string; budgetCode?: string }
type Holding = { person: string; from: string; to?: string }
type Deputy = { post: string; from: string; covers: string }

/** Posts name each other as deputies, so these come after all posts are there. */
const deputised = (city: SampleCity): Change[] =>
  posts.flatMap(({ ref, deputies = [] }: { ref: string; deputies?: readonly Deputy[] }) =>
    deputies.length === 0
      ? []
      : [
          {
            kind: post.kind,
            action: 'change',
            id: city.idOf(postRef(ref)),
            rows: {
              deputy: {
                set: deputies.map((each) => ({
                  deputy: city.idOf(postRef(each.post)),
                  from: dayFor(each.from, city.today),
                  to: null,
                  covers: each.covers,
                })),
              },
            },
          },
        ],
  )

const named = (city: SampleCity): Change[] =>
  people.map(({ ref, name, email }) =>
    sampleRecord(city, person.kind, personRef(ref), {
      values: { title: { und: name }, email, organisation: city.idOf(cityRef) },
    }),
  )

const held = (city: SampleCity): Change[] =>
  posts.map(({ ref, title, organisation: body, holdings }) =>
    sampleRecord(city, post.kind, postRef(ref), {
      values: { title, organisation: city.idOf(bodyRef(body)) },
      rows: {
        holding: {
          set: holdings.map(({ person: holder, from, to }: Holding) => ({
            person: city.idOf(personRef(holder)),
            from: dayFor(from, city.today),
            to: to === undefined ? null : dayFor(to, city.today),
          })),
        },
      },
    }),
  )

export const samples: readonly Sample[] = [
  { stage: 'records', changes: (city) => [...bodies(city), ...named(city), ...held(city)] },
  { stage: 'afterwards', changes: deputised },
  {
    stage: 'published',
    changes: (city) => [
      ...samplesPublished(city, organisation.kind, [cityRef, ...organisations.map(({ ref }) => bodyRef(ref))]),
      ...samplesPublished(
        city,
        post.kind,
        posts.map(({ ref }) => postRef(ref)),
      ),
    ],
  },
]
