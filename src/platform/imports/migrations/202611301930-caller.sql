-- The system's own caller was named by another key until 0.1.0; a run that waits keeps its rights under the new one.
update imports.run set caller = (caller - 'house') || jsonb_build_object('system', caller->'house') where caller ? 'house';
