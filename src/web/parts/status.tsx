/** Badges: an icon and a word, with a supporting colour. Blue is good, orange is of concern, grey is neither. */
import { Icon, type IconName } from '../icon.tsx'
import { useLanguage } from '../language.tsx'

export type Tone = 'good' | 'concern' | 'quiet' | 'open' | 'accent'

type BadgeProps = {
  icon?: IconName
  tone?: Tone
  children: string /** More text, in the reader's language. */
  note?: string
}

/** A word with an icon. `open` has a broken border: not known, not there yet. */
export function Badge({ icon, tone = 'quiet', children, note }: BadgeProps) {
  return (
    <span class="cw-badge" data-tone={tone}>
      {icon && <Icon name={icon} />}
      <span>
        {children}
        {note && <span class="cw-badge-note"> {note}</span>}
      </span>
    </span>
  )
}

export type Performance = 'met' | 'missed' | 'unknown' | 'not-due'

/** How a result looks. */
export const performanceLooks: Record<Performance, { icon: IconName; tone: Tone }> = {
  met: { icon: 'check-circle', tone: 'good' },
  missed: { icon: 'cross-circle', tone: 'concern' },
  unknown: { icon: 'question', tone: 'open' },
  'not-due': { icon: 'clock', tone: 'quiet' },
}

/** Performance against target. `note` carries what qualifies it, e.g. "on an annualised estimate". */
export function PerformanceBadge({ value, note }: { value: Performance; note?: string }) {
  const { say } = useLanguage()
  return (
    <Badge {...performanceLooks[value]} note={note}>
      {say(`web.performance.${value}`)}
    </Badge>
  )
}

export type Freshness = 'current' | 'not-yet-due' | 'late' | 'very-late' | 'stopped'

/** How freshness looks. */
export const freshnessLooks: Record<Freshness, { icon: IconName; tone: Tone }> = {
  current: { icon: 'check', tone: 'quiet' },
  'not-yet-due': { icon: 'clock', tone: 'quiet' },
  late: { icon: 'clock', tone: 'concern' },
  'very-late': { icon: 'alert', tone: 'concern' },
  stopped: { icon: 'pause', tone: 'open' },
}

/** Whether the newest value came when it was due. */
export function FreshnessBadge({ value, note }: { value: Freshness; note?: string }) {
  const { say } = useLanguage()
  return (
    <Badge {...freshnessLooks[value]} note={note}>
      {say(`web.freshness.${value}`)}
    </Badge>
  )
}

export type VariationReading =
  | 'improving'
  | 'concerning'
  | 'higher-than-usual'
  | 'lower-than-usual'
  | 'usual'
  | 'not-stated'

const readingTones: Record<VariationReading, Tone> = {
  improving: 'good',
  concerning: 'concern',
  'higher-than-usual': 'quiet',
  'lower-than-usual': 'quiet',
  usual: 'quiet',
  'not-stated': 'open',
}

/** What the newest value says against the usual variation. `side` is where it lies, and draws the arrow. */
export function ReadingBadge({ value, side, note }: { value: VariationReading; side?: 'high' | 'low'; note?: string }) {
  const { say } = useLanguage()
  return (
    <Badge {...readingLook(value, side)} note={note}>
      {say(`web.reading.${value}`)}
    </Badge>
  )
}

/** How a reading looks; `side` is where the newest value lies. */
export const readingLook = (value: VariationReading, side?: 'high' | 'low'): { icon: IconName; tone: Tone } => ({
  icon: readingIcon(value, side),
  tone: readingTones[value],
})

function readingIcon(value: VariationReading, side: 'high' | 'low' | undefined): IconName {
  if (value === 'usual') return 'wave'
  if (value === 'not-stated') return 'dots'
  if (value === 'higher-than-usual' || side === 'high') return 'arrow-up'
  if (value === 'lower-than-usual' || side === 'low') return 'arrow-down'
  return value === 'improving' ? 'check' : 'alert'
}

export type Audience = 'restricted' | 'organisation' | 'partners' | 'public'

const audienceIcons: Record<Audience, IconName> = {
  restricted: 'lock',
  organisation: 'building',
  partners: 'people',
  public: 'globe',
}

/** Who may read something. */
export function AudienceBadge({ value }: { value: Audience }) {
  const { say } = useLanguage()
  return (
    <Badge icon={audienceIcons[value]} tone={value === 'public' ? 'accent' : 'quiet'}>
      {say(`web.audience.${value}`)}
    </Badge>
  )
}

export type StateView = { readonly label: string; readonly stage: 'draft' | 'under-way' | 'ended' }

/** State of a record's life cycle; the name comes from its module's words. */
export function StateBadge({
  children,
  stage = 'under-way',
}: {
  children: string
  stage?: 'draft' | 'under-way' | 'reached' | 'ended'
}) {
  const looks = {
    draft: { icon: 'pencil', tone: 'open' },
    'under-way': { icon: 'flag', tone: 'accent' },
    reached: { icon: 'check', tone: 'accent' },
    ended: { icon: 'pause', tone: 'quiet' },
  } as const
  return <Badge {...looks[stage]}>{children}</Badge>
}
