import { type Localized, languages, languagesFrom } from '#kernel/words.ts'
import { findCity } from '#modules/directory'
import { localizedIn, type Mistakes, many, mistakesFrom, mistakesOf, one } from '#pages/form.ts'
import { may, maySome } from '#pages/permission.ts'
import { presenterOf } from '#pages/presenter.ts'
import { inTransaction } from '#platform/app.ts'
import { type AppContext, type PageRequest, page } from '#platform/page.ts'
import { todayOf } from '#platform/today.ts'
import { type OutcomeMove, relink, writeVersion } from './actions-vision.ts'
import { cardOf } from './pages-cards.ts'
import {
  looseEnds,
  type SentenceRow,
  sentencesOf,
  type VersionRow,
  visionAt,
  visionVersions,
} from './queries-vision.ts'
import { guessReplacements, readSentences, sameText } from './rules-vision.ts'
import { type RelinkData, relinkView } from './views/relink.tsx'
import { type SentenceData, type VisionData, visionView } from './views/vision.tsx'
import { type EditData, editView } from './views/vision-edit.tsx'

/** What a sentence replaced and what replaced it, as links. */
export function changeOf(ctx: AppContext, row: SentenceRow): Pick<SentenceData, 'replaces' | 'replacedBy'> {
  const { named } = presenterOf(ctx)
  const link = (other: { code: string; title: Localized }) => named({ kind: 'strategy.sentence', ...other })
  return {
    replaces: row.replaces ? { ...link(row.replaces), same: sameText(row.replaces.title, row.title) } : null,
    replacedBy: row.replacedBy ? link(row.replacedBy) : null,
  }
}

async function loadVision(ctx: AppContext, { query }: PageRequest): Promise<VisionData> {
  const now = await visionAt(ctx, query.version)
  const { say, text, named, day, state, href } = presenterOf(ctx)
  const write = maySome(ctx, 'create', 'strategy.vision')
  const nothing = { versions: [], summary: '', sentences: [], without: [], loose: 0, mayWrite: write }
  if (!now) return { shown: null, newest: true, ...nothing }
  const { shown, versions, sentences, answers, statuses, without } = now
  const cards = new Map([...answers, ...without].map((row) => [row.id, cardOf(ctx, row, statuses.get(row.id)!)]))
  const results = [...new Set(answers.map((row) => row.id))].map((id) => cards.get(id)!.result)
  const many = (result: string) => results.filter((each) => each === result).length
  return {
    shown: {
      code: shown.code,
      label: shown.versionLabel,
      title: text(shown.title),
      state: shown.state as 'draft' | 'adopted' | 'replaced',
      stateText: state('strategy.vision', shown.state),
      adopted: shown.adoptedOn ? day(shown.adoptedOn) : null,
      review: shown.reviewOn ? day(shown.reviewOn) : null,
      reviewOverdue: shown.state === 'adopted' && shown.reviewOn !== null && shown.reviewOn < todayOf(ctx),
      adopt: may(ctx, 'adopt', { kind: 'strategy.vision', ...shown })
        ? href('strategy.vision', shown.code, 'adopt')
        : null,
    },
    newest: versions[0]!.id === shown.id,
    versions: versions.map((each) => ({
      label: versionName(ctx, each),
      href: each.id === versions[0]!.id ? '/strategy/vision' : `/strategy/vision?version=${each.code}`,
      current: each.id === shown.id,
    })),
    summary: say('strategy.vision.summary', {
      sentences: sentences.length,
      outcomes: results.length,
      met: many('met'),
      missed: many('missed'),
      open: many('not-due'),
      unknown: many('unknown'),
    }),
    sentences: sentences.map((row) => ({
      ...named({ kind: 'strategy.sentence', ...row }),
      code: row.code,
      ...changeOf(ctx, row),
      outcomes: answers.filter((answer) => answer.sentence === row.id).map((answer) => cards.get(answer.id)!),
    })),
    without: without.map((row) => cards.get(row.id)!),
    loose: write ? (await looseEnds(ctx)).length : 0,
    mayWrite: write,
  }
}

const versionName = (ctx: AppContext, version: VersionRow) =>
  presenterOf(ctx).say(version.state === 'draft' ? 'strategy.vision.version-draft' : 'strategy.vision.version', {
    label: version.versionLabel,
  })

const visionPage = page<VisionData>({
  path: '/strategy/vision',
  policy: 'anyone',
  cache: true,
  section: 'strategy',
  load: loadVision,
  title: (_data, { say }) => say('strategy.vision.title'),
  view: visionView,
})

/** A link to the outcomes that still answer an old sentence, if there are any. */
async function afterAdopting(ctx: AppContext) {
  const loose = await looseEnds(ctx, 1)
  return {
    redirect: loose.length > 0 ? '/strategy/vision/relink' : '/strategy/vision',
    notice: { key: 'strategy.vision.adopted' },
  }
}

async function startOfEdit(ctx: AppContext): Promise<{ base: VersionRow | undefined; before: SentenceRow[] }> {
  const base = (await visionVersions(ctx)).find((each) => each.state !== 'draft')
  return { base, before: base ? await sentencesOf(ctx, base.id) : [] }
}

async function emptyEdit(ctx: AppContext): Promise<EditData> {
  const { base, before } = await startOfEdit(ctx)
  return {
    base: base ? { label: base.versionLabel, code: base.code } : null,
    label: base ? nextLabel(base.versionLabel) : '1',
    title: base?.title ?? {},
    adoptedOn: todayOf(ctx),
    reviewOn: '',
    why: '',
    text: Object.fromEntries(
      languagesFrom(ctx.city.language).map((language) => [
        language,
        before.map((row) => row.title[language] ?? '').join('\n'),
      ]),
    ),
    mistakes: {},
    preview: null,
  }
}

const nextLabel = (label: string) => (/^\d{1,6}$/.test(label) ? String(Number(label) + 1) : '')

async function answerEdit(ctx: AppContext, { form }: PageRequest) {
  const { base, before } = await startOfEdit(ctx)
  const { say } = presenterOf(ctx)
  const text = Object.fromEntries(languages.map((language) => [language, String(form[`text.${language}`] ?? '')]))
  const { sentences, problems } = readSentences(text, ctx.city.language)
  const title = localizedIn(form, 'title')
  const label = one(form, 'label')
  const old = before.map((row) => ({ id: row.id, title: row.title }))
  const guesses = guessReplacements(old, sentences)
  const chosen = sentences.map((_, index) =>
    form[`replaces.${index}`] === undefined ? (guesses[index] ?? null) : one(form, `replaces.${index}`) || null,
  )
  const given = {
    base: base ? { label: base.versionLabel, code: base.code } : null,
    label,
    title,
    adoptedOn: one(form, 'adoptedOn'),
    reviewOn: one(form, 'reviewOn'),
    why: one(form, 'why'),
    text,
  }
  const found = [
    ...problems,
    ...(label === '' ? [{ at: '/label', code: 'field.required' }] : []),
    ...(title[ctx.city.language] ? [] : [{ at: `/title/${ctx.city.language}`, code: 'field.required' }]),
    ...repeated(chosen).map((index) => ({ at: `/replaces/${index}`, code: 'strategy.replaced-twice' })),
  ]
  const act = one(form, 'act')
  const showing = (mistakes: Mistakes): EditData => ({
    ...given,
    mistakes,
    preview: previewOf(ctx, sentences, chosen, before),
  })
  if (found.length > 0) {
    const asRepeated = found.every((each) => each.at.startsWith('/replaces'))
    const data = showing(mistakesFrom(found, say))
    return asRepeated ? data : { ...data, preview: null }
  }
  if (act === 'edit') return { ...given, mistakes: {}, preview: null }
  if (act !== 'draft' && act !== 'adopt') return showing({})
  try {
    const made = await inTransaction(ctx, async (wctx) =>
      writeVersion(wctx, {
        title,
        label,
        plan: base?.plan ?? null,
        organisation: base?.organisation ?? (await findCity(wctx.db))?.organisation ?? null,
        adoptedOn: given.adoptedOn || null,
        reviewOn: given.reviewOn || null,
        sentences: sentences.map((each, index) => ({ text: each, replaces: chosen[index] ?? null })),
        adopt: act === 'adopt',
        why: given.why || null,
      }),
    )
    if (act === 'adopt') return await afterAdopting(ctx)
    return { redirect: `/strategy/vision?version=${made.code}`, notice: { key: 'strategy.vision.drafted' } }
  } catch (error) {
    return { ...given, mistakes: mistakesOf(error, say), preview: null }
  }
}

/** Places of choices that name an old sentence twice. */
const repeated = (chosen: readonly (string | null)[]) =>
  chosen.flatMap((id, index) => (id !== null && chosen.indexOf(id) < index ? [index] : []))

function previewOf(
  ctx: AppContext,
  sentences: readonly Localized[],
  chosen: readonly (string | null)[],
  before: readonly SentenceRow[],
): EditData['preview'] {
  const { text: textOf, plain } = presenterOf(ctx)
  const old = new Map(before.map((row) => [row.id, row]))
  const taken = new Set(chosen)
  return {
    rows: sentences.map((text, index) => {
      const replaced = chosen[index] ? old.get(chosen[index]) : undefined
      return {
        text,
        replaces: chosen[index] ?? '',
        change: replaced ? (sameText(replaced.title, text) ? 'same' : 'changed') : 'new',
      }
    }),
    old: before.map((row) => ({ id: row.id, label: `${row.position}. ${plain(row.title)}` })),
    dropped: before.filter((row) => !taken.has(row.id)).map((row) => ({ ...textOf(row.title), code: row.code })),
  }
}

const editPage = page<EditData>({
  path: '/strategy/vision/edit',
  policy: { can: 'create', kind: 'strategy.vision' },
  section: 'strategy',
  load: emptyEdit,
  post: answerEdit,
  title: (_data, { say }) => say('strategy.vision.new-version'),
  trail: (_data, { say }) => [{ label: say('strategy.vision.title'), href: '/strategy/vision' }],
  view: editView,
})

async function relinkData(ctx: AppContext): Promise<RelinkData> {
  const loose = await looseEnds(ctx)
  const standing = (await visionVersions(ctx)).filter((each) => each.state === 'adopted')
  const { plain, named } = presenterOf(ctx)
  const sentences = (await Promise.all(standing.map((each) => sentencesOf(ctx, each.id)))).flat()
  return {
    options: sentences.map((row) => ({ id: row.id, label: `${row.position}. ${plain(row.title)}` })),
    rows: loose.map(({ outcome, code, title, sentence }) => ({
      key: `${outcome}.${sentence.id}`,
      outcome: { ...named({ kind: 'strategy.outcome', code, title }), code },
      sentence: named({ kind: 'strategy.sentence', ...sentence }),
      to: sentence.replacedBy ?? '',
    })),
  }
}

const relinkPage = page<RelinkData>({
  path: '/strategy/vision/relink',
  policy: { can: 'change', kind: 'strategy.outcome' },
  section: 'strategy',
  load: relinkData,
  post: async (ctx, { form }) => {
    const chosen = new Set(many(form, 'move'))
    const moves: OutcomeMove[] = [...chosen].flatMap((key) => {
      const [outcome, from] = key.split('.')
      return outcome && from ? [{ outcome, from, to: one(form, `to.${key}`) || null }] : []
    })
    if (moves.length === 0) return relinkData(ctx)
    await inTransaction(ctx, (wctx) => relink(wctx, moves))
    return {
      redirect: '/strategy/vision',
      notice: { key: 'strategy.relink.done', values: { count: new Set(moves.map((move) => move.outcome)).size } },
    }
  },
  title: (_data, { say }) => say('strategy.relink.title'),
  trail: (_data, { say }) => [{ label: say('strategy.vision.title'), href: '/strategy/vision' }],
  view: relinkView,
})

export const visionPages = [visionPage, editPage, relinkPage]
