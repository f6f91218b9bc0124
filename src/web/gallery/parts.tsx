import { Chart, Sparkline } from '../chart.tsx'
import { ActionMenu, LinkButton } from '../parts/button.tsx'
import { Card, DescriptionList, EmptyState, NextSteps, Tabs } from '../parts/card.tsx'
import { DiffTable } from '../parts/diff.tsx'
import { Figure, KeyFigure, Tally } from '../parts/figure.tsx'
import { Section } from '../parts/head.tsx'
import { Notice } from '../parts/notice.tsx'
import { HistoryList, ProgressBar, StepList } from '../parts/progress.tsx'
import { LineOfSight, Tree } from '../parts/sight.tsx'
import { AudienceBadge, FreshnessBadge, PerformanceBadge, ReadingBadge, StateBadge } from '../parts/status.tsx'
import { DataTable, Pager } from '../parts/table.tsx'
import { type Row, responseTimes, rows, type Tell } from './samples.ts'

export function FiguresSample({ tell }: { tell: Tell }) {
  const source = tell('Fire Department', '消防局')
  const period = tell('July 2024 – June 2025', '2024年7月至2025年6月')
  return (
    <Section
      id="figures"
      title={tell('Where we stand', '现状')}
      beside={<a href="#sight">{tell('All outcomes', '全部成果')}</a>}
    >
      <div class="cw-grid" data-columns="wide">
        <KeyFigure
          label={tell('Help arrives quickly in an emergency', '紧急情况下救援及时到达')}
          href="#chart"
          value="7.2"
          unit={tell('minutes', '分钟')}
          period={period}
          age={tell('4 months old', '4 个月前')}
          source={source}
          target={tell('Target: at most 8.0 minutes', '目标值：不超过 8.0 分钟')}
          picture={<Sparkline values={[9.4, 9.1, 9.6, 9, 8.1, 8.4, 7.9, 7.2]} target={8} tone="good" />}
          marks={
            <>
              <PerformanceBadge value="met" />
              <ReadingBadge value="improving" side="low" />
            </>
          }
        />
        <KeyFigure
          label={tell('Homes are warm and safe', '住房温暖安全')}
          href="#chart"
          value="61.5"
          unit="%"
          period={period}
          age={tell('14 months old', '14 个月前')}
          source={tell('Housing Authority', '住房局')}
          caution={tell('annualised from 4 months', '按 4 个月折算')}
          target={tell('Target: at least 80%', '目标值：不低于 80%')}
          picture={<Sparkline values={[82, 80, 79, 81, 74, 70, 66, 61.5]} target={80} tone="concern" />}
          marks={
            <>
              <PerformanceBadge value="missed" note={tell('on an annualised estimate', '按折算估计')} />
              <ReadingBadge value="concerning" side="low" />
              <FreshnessBadge value="late" />
            </>
          }
        />
        <Card title={tell('A city that is easy to get around', '出行便利的城市')} href="#sight" over="OUT-0003">
          <Tally met={6} missed={1} unknown={2} notDue={1} />
        </Card>
      </div>
      <p>
        {tell('Libraries were visited', '图书馆到访')}{' '}
        <Figure
          value={tell('1,204,330', '120.4 万')}
          unit={tell('times', '人次')}
          period={period}
          age={tell('4 months old', '4 个月前')}
          source={tell('Library Service', '图书馆')}
        />
      </p>
    </Section>
  )
}

export function ChartSample({ tell }: { tell: Tell }) {
  return (
    <Section id="chart" title={tell('What is happening', '发生了什么')}>
      <Chart
        id="response"
        level={3}
        title={tell('Response time to life-threatening calls', '危及生命呼叫的响应时间')}
        unit={tell('minutes, monthly mean', '分钟，月平均')}
        description={tell(
          'Since January 2025 help has come in about 8 minutes, before in about 9. The last months lie below the usual range: improving.',
          '自2025年1月起，救援约 8 分钟到达，此前约为 9 分钟。最近几个月低于平常范围，情况好转。',
        )}
        points={responseTimes(tell)}
        bounds={{ min: 0 }}
        source={tell('Fire Department, dispatch system', '消防局调度系统')}
      />
    </Section>
  )
}

export function SightSample({ tell }: { tell: Tell }) {
  const vision = {
    kind: tell('Vision', '愿景'),
    title: tell('A city where everybody is safe, heard and at home', '人人安全、受尊重、安居的城市'),
    href: '#figures',
  }
  const outcome = {
    kind: tell('Outcome', '成果'),
    title: tell('Help arrives quickly in an emergency', '紧急情况下救援及时到达'),
    href: '#chart',
  }
  return (
    <Section id="sight" title={tell('Line of sight', '目标脉络')}>
      <div class="cw-sidebar">
        <Tree
          label={tell('From the vision to the evidence', '从愿景到证据')}
          nodes={[
            {
              ...vision,
              children: [
                {
                  ...outcome,
                  marks: <PerformanceBadge value="met" />,
                  children: [
                    {
                      kind: tell('Objective', '目标'),
                      title: tell('Answer every call within 10 seconds', '10 秒内接听每个来电'),
                      href: '#objective',
                      children: [
                        {
                          kind: tell('Indicator', '指标'),
                          title: tell('Calls answered within 10 seconds', '10 秒内接听率'),
                          href: '#indicator',
                          marks: <PerformanceBadge value="missed" />,
                          note: tell('91.2% in FY 2025, 4 months old', '2025 财年 91.2%，4 个月前'),
                        },
                      ],
                    },
                    {
                      kind: tell('Objective', '目标'),
                      title: 'Reach 90 % of life-threatening incidents in 8 minutes',
                      lang: 'en',
                      href: '#objective-2',
                      closed: true,
                      children: [{ kind: tell('Indicator', '指标'), title: 'IND-0012', href: '#i12' }],
                    },
                  ],
                },
                {
                  kind: tell('Outcome', '成果'),
                  title: tell('Homes are warm and safe', '住房温暖安全'),
                  href: '#homes',
                  marks: <PerformanceBadge value="unknown" />,
                  more: { text: tell('12 more that you may not read', '另有 12 项您无权查看') },
                },
              ],
            },
          ]}
        />
        <div class="cw-stack">
          <h3>{tell('Where this leads', '通往何处')}</h3>
          <LineOfSight
            steps={[
              vision,
              outcome,
              { kind: tell('Indicator', '指标'), title: tell('Response time', '响应时间'), current: true },
            ]}
          />
        </div>
      </div>
    </Section>
  )
}

export function TableSample({ tell }: { tell: Tell }) {
  return (
    <Section id="table" title={tell('Indicators', '指标')}>
      <Tabs
        label={tell('Views of the indicators', '指标视图')}
        tabs={[
          { label: tell('All', '全部'), href: '?view=all', current: true, count: '120' },
          { label: tell('Without owner', '无负责人'), href: '?view=unowned', count: '14' },
          { label: tell('Gone silent', '停止更新'), href: '?view=silent', count: '9' },
        ]}
      />
      <DataTable<Row>
        id="indicators"
        caption={tell('Indicators by name, newest value of each', '按名称排列的指标及最新数值')}
        rows={rows(tell)}
        columns={[
          {
            name: 'name',
            head: tell('Indicator', '指标'),
            names: true,
            width: 'wide',
            sort: { href: '?order=name', direction: 'ascending' },
            cell: (row) => <a href={`#${row.code}`}>{row.name}</a>,
          },
          {
            name: 'value',
            head: tell('Newest value', '最新数值'),
            numeric: true,
            sort: { href: '?order=value' },
            cell: (row) => <bdi>{row.value}</bdi>,
          },
          { name: 'period', head: tell('Period', '时期'), width: 'short', cell: (row) => row.period },
          { name: 'target', head: tell('Target', '目标值'), cell: (row) => row.target },
          {
            name: 'performance',
            head: tell('Against target', '达标情况'),
            cell: (row) => <PerformanceBadge value={row.performance} />,
          },
          {
            name: 'reading',
            head: tell('What is happening', '变化'),
            cell: (row) => <ReadingBadge value={row.reading} side={row.side} />,
          },
          { name: 'course', head: tell('Course', '走势'), cell: (row) => <Sparkline values={row.series} /> },
        ]}
      />
      <Pager newer="?before=a" older="?after=b" summary={tell('4 of 120', '共 120 项，显示 4 项')} />
    </Section>
  )
}

export function WorkSample({ tell }: { tell: Tell }) {
  return (
    <Section id="work" title={tell('Work', '工作')}>
      <div class="cw-sidebar">
        <div class="cw-stack" data-gap="wide">
          <NextSteps
            steps={[
              {
                title: tell('Name an owner for 14 indicators', '为 14 项指标指定负责人'),
                why: tell('Nobody would notice if they stopped.', '否则停止更新也无人察觉。'),
                href: '#owners',
                count: '14',
              },
              {
                title: tell('Ask for 9 late values', '催报 9 个逾期数值'),
                why: tell(
                  'From three organisations; the oldest is due since March.',
                  '涉及三个单位，最早的应于3月上报。',
                ),
                href: '#late',
                count: '9',
              },
              { title: tell('Publish the vision', '发布愿景'), href: '#publish' },
            ]}
          />
          <Notice
            tone="done"
            title={tell('Import finished', '导入完成')}
            actions={<a href="#undo">{tell('Undo the import', '撤销导入')}</a>}
          >
            {tell(
              '962 indicators were created, 177 rows were read as districts.',
              '已创建 962 项指标，177 行识别为分区数据。',
            )}
          </Notice>
          <Notice tone="info">{tell('Somebody else is working on this plan too.', '其他人也在编辑此规划。')}</Notice>
          <Notice tone="warning" title={tell('This will be public', '即将公开')}>
            {tell('Officers’ names are left out.', '不显示工作人员姓名。')}
          </Notice>
          <StepList
            label={tell('Steps of the import', '导入步骤')}
            steps={[
              { label: tell('Choose a file', '选择文件'), state: 'done', href: '#s1' },
              { label: tell('Match the columns', '对应各列'), state: 'done', href: '#s2' },
              {
                label: tell('Look at the result', '查看结果'),
                state: 'now',
                note: tell('3 rows need you', '3 行待处理'),
              },
              { label: tell('Import', '导入'), state: 'ahead' },
            ]}
          />
          <ProgressBar
            id="rows"
            label={tell('Reading rows', '正在读取')}
            done={3200}
            of={11390}
            text={tell('3,200 of 11,390 rows', '11,390 行中的 3,200 行')}
          />
          <DiffTable
            id="conflict"
            caption={tell('This record has changed since you opened it', '您打开后，此记录已被修改')}
            theirName={tell('A. Okafor', '王敏')}
            choose
            differences={[
              {
                name: 'dueOn',
                field: tell('Due', '到期日'),
                was: '2026-03-31',
                theirs: '2026-06-30',
                mine: '2026-09-30',
                clash: true,
              },
              {
                name: 'unit',
                field: tell('Unit', '单位'),
                was: tell('minutes', '分钟'),
                theirs: tell('minutes', '分钟'),
                mine: tell('seconds', '秒'),
                clash: false,
              },
            ]}
          />
        </div>
        <div class="cw-stack" data-gap="wide">
          <DescriptionList
            pairs={[
              { term: tell('Owner', '负责岗位'), value: tell('Head of Dispatch, Fire Department', '消防局调度主任') },
              {
                term: tell('State', '状态'),
                value: <StateBadge stage="reached">{tell('Agreed', '已确认')}</StateBadge>,
              },
              { term: tell('Who may read it', '可见范围'), value: <AudienceBadge value="public" /> },
              { term: tell('Newest value', '最新数值'), value: <FreshnessBadge value="very-late" /> },
              {
                term: tell('Draft', '草稿'),
                value: <StateBadge stage="draft">{tell('Proposed', '已提出')}</StateBadge>,
              },
            ]}
          />
          <HistoryList
            label={tell('History', '历史')}
            entries={[
              {
                at: '2026-03-02T09:12:00Z',
                when: tell('2 March 2026, 10:12', '2026年3月2日 10:12'),
                who: tell('Head of Dispatch', '调度主任'),
                what: tell('Target changed', '修改目标值'),
                why: tell('Agreed by the council', '经市议会同意'),
                changes: [{ field: tell('Target', '目标值'), before: '9.0', after: '8.0' }],
                undo: { label: tell('Undo', '撤销'), href: '#undo-target' },
              },
              {
                at: '2026-01-15T13:00:00Z',
                when: tell('15 January 2026, 14:00', '2026年1月15日 14:00'),
                who: tell('Import “mayor.csv”', '导入“mayor.csv”'),
                what: tell('Created', '创建'),
              },
            ]}
          />
        </div>
      </div>
    </Section>
  )
}

export function EmptySample({ tell }: { tell: Tell }) {
  return (
    <EmptyState
      title={tell('No plan yet', '还没有规划')}
      icon="thread"
      actions={
        <>
          <LinkButton href="#import" icon="upload">
            {tell('Bring my file', '导入我的文件')}
          </LinkButton>
          <LinkButton href="#template" variant="secondary" icon="download">
            {tell('Use the template', '使用模板')}
          </LinkButton>
          <ActionMenu
            label={tell('More', '更多')}
            actions={[
              { label: tell('Look at the demo city', '查看演示城市'), href: '#demo' },
              { label: tell('Remove the demo city', '移除演示城市'), post: '/demo/remove', csrf: 'token' },
            ]}
          />
        </>
      }
    >
      <p>
        {tell(
          'Here your plan will stand as a vision, its outcomes and the indicators that prove them. Begin with the file you have: a table with one indicator in a row is enough.',
          '这里将呈现您的规划：愿景、成果以及证明成果的指标。从您现有的文件开始即可，每行一项指标的表格就够了。',
        )}
      </p>
    </EmptyState>
  )
}
