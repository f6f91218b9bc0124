-- Finance confirms what has left a budget; whoever does so has that role on a body.
alter table identity."grant" drop constraint grant_role_check;
alter table identity."grant" add constraint grant_role_check
  check (role in ('leader', 'owner', 'contributor', 'analyst', 'reviewer', 'finance', 'administrator'));
