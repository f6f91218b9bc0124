-- What a report says of bodies was worded by the room of indicators; reports that are kept name the notes as they are called now.
update imports.run set report = jsonb_set(report, '{notes}', coalesce((
    select jsonb_agg(case when note->>'code' in ('indicators.import.note.no-organisation', 'indicators.import.note.organisations-made',
          'indicators.import.note.several-codes', 'indicators.import.note.shared-code', 'indicators.import.note.codes')
        then jsonb_set(note, '{code}', to_jsonb(replace(note->>'code', 'indicators.', 'directory.'))) else note end order by place)
    from jsonb_array_elements(report->'notes') with ordinality as n (note, place)), '[]'::jsonb))
  where report->'notes' is not null;
