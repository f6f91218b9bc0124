-- From here on the history holds a digest of each stored password, so that one exchanged in this table is found.
create temporary table reshaped on commit drop as
  select account as record, '{}'::jsonb as before, '{}'::jsonb as after, 'Stored passwords are bound to the history.' as why,
    encode(sha256(convert_to(hash, 'UTF8')), 'hex') as secret
  from identity.secret;
