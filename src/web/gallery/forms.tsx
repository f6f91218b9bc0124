import { ChoiceControl, ChoicesControl, FlagControl } from '../controls/choice.tsx'
import { Form, FormGroup } from '../controls/form.tsx'
import { DayControl, DecimalControl, FileControl, WholeControl } from '../controls/number.tsx'
import { ReferenceControl, ReferencesControl } from '../controls/reference.tsx'
import { AddressControl, ListControl, LocalizedControl, ParagraphControl, TextControl } from '../controls/text.tsx'
import { Section } from '../parts/head.tsx'
import { FilterBar } from '../parts/table.tsx'
import type { Tell } from './samples.ts'

const languages = [
  { tag: 'en', name: 'English' },
  { tag: 'zh-Hans', name: '简体中文' },
]

export function FilterSample({ tell }: { tell: Tell }) {
  return (
    <FilterBar action="/indicators" keep={{ order: 'name' }} reset="/indicators">
      <TextControl id="filter-words" name="q" label={tell('Words', '关键词')} required value="water" kind="search" />
      <ChoiceControl
        id="filter-performance"
        name="performance"
        label={tell('Against target', '达标情况')}
        compact
        emptyLabel={tell('Any', '不限')}
        options={[
          { value: 'met', label: tell('Met', '达标') },
          { value: 'missed', label: tell('Missed', '未达标') },
        ]}
      />
    </FilterBar>
  )
}

export function FormSample({ tell }: { tell: Tell }) {
  const dueProblem = tell(
    'Give a day after 1 January 2026, for example 2026-06-30.',
    '请填写2026年1月1日之后的日期，例如 2026-06-30。',
  )
  const titleProblem = tell(
    'Write the title in English: it is the city’s first language.',
    '请填写英文标题：英文是本市的首选语言。',
  )
  const posts = [
    { id: 'p1', label: tell('Head of Dispatch', '调度主任') },
    { id: 'p2', label: tell('Director of Housing', '住房局局长') },
  ]
  return (
    <Section id="form" title={tell('Change an indicator', '修改指标')}>
      <Form
        action="/indicators/1"
        csrf="token"
        version={7}
        upload
        mistakes={[
          { field: 'title-en', text: titleProblem },
          { field: 'due', text: dueProblem },
        ]}
        submit={tell('Save', '保存')}
        cancel={{ href: '/indicators/1' }}
        note={tell('The change is kept in the history and can be undone.', '修改会记入历史，可以撤销。')}
      >
        <FormGroup title={tell('What it is', '基本信息')}>
          <LocalizedControl
            id="title"
            name="title"
            label={tell('Title', '标题')}
            hint={tell('As residents would say it.', '用市民的话来说。')}
            required
            languages={languages}
            value={{ 'zh-Hans': '危及生命呼叫的响应时间' }}
            problem={{ en: titleProblem }}
          />
          <LocalizedControl id="meaning" name="meaning" label={tell('Meaning', '含义')} languages={languages} long />
          <TextControl
            id="code"
            name="code"
            label={tell('Code in your system', '贵单位系统中的编号')}
            max={40}
            width="short"
          />
          <ParagraphControl
            id="method"
            name="method"
            label={tell('How it is measured', '测量方法')}
            hint={tell('So that somebody else would measure the same.', '让他人也能得出同样的结果。')}
            value={'<script>alert("no")</script>'}
          />
        </FormGroup>
        <FormGroup title={tell('Numbers', '数值')} lead={tell('Exact, as published.', '与公布的数值一致。')}>
          <DecimalControl
            id="target"
            name="target"
            label={tell('Target', '目标值')}
            required
            value="8.0"
            unit={tell('minutes', '分钟')}
          />
          <WholeControl id="lag" name="lagDays" label={tell('Days until it is published', '发布所需天数')} value="90" />
          <DayControl
            id="due"
            name="dueOn"
            label={tell('Due', '到期日')}
            required
            value="2025-13-01"
            problem={dueProblem}
          />
          <ChoiceControl
            id="direction"
            name="direction"
            label={tell('Which direction is better?', '何种方向更好？')}
            value="down"
            options={[
              { value: 'up', label: tell('Up is better', '越高越好') },
              { value: 'down', label: tell('Down is better', '越低越好') },
              {
                value: 'range',
                label: tell('Within a range', '在范围之内'),
                hint: tell('Too much is as bad as too little.', '过高过低都不好。'),
              },
            ]}
          />
        </FormGroup>
        <FormGroup title={tell('Who', '人员与关系')}>
          <ReferenceControl
            id="owner"
            name="owner"
            label={tell('Owner', '负责岗位')}
            required
            value="p1"
            options={posts}
          />
          <ReferenceControl
            id="outcome"
            name="outcome"
            label={tell('Outcome it serves', '服务的成果')}
            search={{ text: 'OUT-0003', suggestions: [{ id: 'o3', label: 'OUT-0003' }] }}
          />
          <ReferencesControl
            id="partners"
            name="partners"
            label={tell('Who contributes', '参与者')}
            chosen={[{ id: 'p2', label: tell('Director of Housing', '住房局局长') }]}
            search={{ suggestions: posts }}
          />
          <ChoicesControl
            id="groups"
            name="groups"
            label={tell('Broken down by', '细分维度')}
            value={['district']}
            options={[
              { value: 'district', label: tell('District', '分区') },
              { value: 'age', label: tell('Age', '年龄') },
            ]}
          />
          <FlagControl id="published" name="published" label={tell('Show it to the public', '向公众公开')} value />
          <AddressControl
            id="source"
            name="source"
            label={tell('Where it is published', '发布网址')}
            value="https://example.org/data"
          />
          <ListControl
            id="names"
            name="otherNames"
            label={tell('Other names', '其他名称')}
            value={['Response', 'Arrival']}
          />
          <FileControl id="file" name="file" label={tell('Table with values', '数值表格')} accept=".csv,text/csv" />
        </FormGroup>
      </Form>
    </Section>
  )
}
