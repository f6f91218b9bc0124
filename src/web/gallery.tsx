/**
 * Every part and control on one page, with made-up content: for looking at them, for the tests and for the
 * documentation. The content is in English and Chinese; words of the parts come from `say` as everywhere.
 */
import type { Say } from '#kernel/words.ts'
import { FilterSample, FormSample } from './gallery/forms.tsx'
import { MapSample } from './gallery/map.tsx'
import { ChartSample, EmptySample, FiguresSample, SightSample, TableSample, WorkSample } from './gallery/parts.tsx'
import type { Tell } from './gallery/samples.ts'
import { type ColorScheme, renderPage, type Shell } from './page.tsx'
import { ActionMenu, LinkButton } from './parts/button.tsx'
import { PageHead } from './parts/head.tsx'
import { AudienceBadge, StateBadge } from './parts/status.tsx'

export type GalleryOptions = {
  say: Say
  language: string
  /** Address of the style sheet. */
  styles: string
  side?: 'public' | 'workspace'
  scheme?: ColorScheme
  direction?: 'ltr' | 'rtl'
}

/** The gallery as a whole document. */
export function gallery(options: GalleryOptions): string {
  const tell: Tell = (english, chinese) => (options.language.startsWith('zh') ? chinese : english)
  return renderPage(
    galleryShell(options, tell),
    <>
      <PageHead
        over={tell('Outcome · OUT-0001', '成果 · OUT-0001')}
        title={tell('Help arrives quickly in an emergency', '紧急情况下救援及时到达')}
        lead={tell(
          'Whoever calls for help in danger is reached in time, wherever in the city they live.',
          '无论住在城市何处，遇到危险求助的人都能及时得到救援。',
        )}
        marks={
          <>
            <StateBadge stage="reached">{tell('Agreed', '已确认')}</StateBadge>
            <AudienceBadge value="public" />
          </>
        }
        actions={
          options.side === 'public' ? undefined : (
            <>
              <LinkButton href="#form" icon="pencil">
                {tell('Change', '修改')}
              </LinkButton>
              <ActionMenu
                label={tell('More', '更多')}
                actions={[
                  { label: tell('History', '历史'), href: '#work', icon: 'history' },
                  { label: tell('Retire', '停用'), post: '/retire', csrf: 'token', fields: { version: '7' } },
                ]}
              />
            </>
          )
        }
      />
      <FiguresSample tell={tell} />
      <ChartSample tell={tell} />
      <SightSample tell={tell} />
      <MapSample tell={tell} />
      {options.side !== 'public' && (
        <>
          <TableSample tell={tell} />
          <FilterSample tell={tell} />
          <WorkSample tell={tell} />
          <EmptySample tell={tell} />
          <FormSample tell={tell} />
        </>
      )}
    </>,
  )
}

/** The frame of the gallery: like that of a page in a demo city. */
function galleryShell(options: GalleryOptions, tell: Tell): Shell {
  const side = options.side ?? 'workspace'
  return {
    say: options.say,
    language: options.language,
    direction: options.direction,
    title: tell('Gallery', '部件展示'),
    product: 'Commonweal',
    city: tell('Port Marlow', '马洛港'),
    side,
    home: '/',
    address: `/?side=${side}`,
    languages: [
      { tag: 'en', name: 'English' },
      { tag: 'zh-Hans', name: '简体中文' },
    ],
    scheme: options.scheme ?? 'auto',
    styles: options.styles,
    person:
      side === 'workspace'
        ? {
            name: tell('Ada Okafor', '王敏'),
            note: tell('Programme Office', '项目办公室'),
            account: '/account',
            signOut: '/sign-out',
            csrf: 'token',
          }
        : undefined,
    signIn: '/sign-in',
    otherSide: { label: tell('What the public sees', '公众所见'), href: '/?side=public' },
    navigation: [
      { label: tell('Home', '首页'), href: '/home' },
      {
        label: tell('Strategy', '战略'),
        href: '/strategy',
        current: true,
        children: [
          { label: tell('Vision', '愿景'), href: '/strategy/vision' },
          { label: tell('Outcomes', '成果'), href: '/strategy/outcomes', current: true },
          { label: tell('Commitments', '承诺'), href: '/strategy/commitments' },
        ],
      },
      { label: tell('Services', '服务'), href: '/services' },
      { label: tell('Resources', '资源'), href: '/resources' },
      { label: tell('Results', '结果'), href: '/results' },
    ],
    trail: [
      { label: tell('Strategy', '战略'), href: '/strategy' },
      { label: tell('Outcomes', '成果'), href: '/strategy/outcomes' },
    ],
    watermark: {
      text: tell('Demo city: every name and number here is made up.', '演示城市：所有名称和数字均为虚构。'),
      href: side === 'workspace' ? '/demo' : undefined,
      action: tell('Remove it', '移除'),
    },
    notices:
      side === 'workspace'
        ? [
            {
              tone: 'done',
              text: tell('The target was saved.', '目标值已保存。'),
              action: { label: tell('Undo', '撤销'), href: '#undo' },
            },
          ]
        : [],
    footer: [
      { label: tell('About this page', '关于本页'), href: '/about' },
      { label: tell('Accessibility', '无障碍'), href: '/accessibility' },
      { label: tell('Open data', '开放数据'), href: '/data' },
    ],
    imprint: tell(
      'Commonweal’s reading of public sources, not the official text; not a certificate; not endorsed by ISO, SAC or BSI.',
      '本内容为 Commonweal 对公开资料的解读，并非官方文本，不构成认证，亦未获 ISO、国家标准委或 BSI 认可。',
    ),
  }
}
