-- Amount, currency and year of prices become one value. What is counted and not money keeps its full value as it was.
alter table benefits.benefit add column worth numeric, add column "worthCurrency" text, add column "worthPriceYear" integer;

create temporary table reshaped on commit drop as
  select b.id as record,
    jsonb_build_object('currency', b.currency, 'priceBaseYear', b."priceBaseYear")
      || case when b.currency is null then '{}' else jsonb_build_object('fullValue', b."fullValue"::text) end as before,
    jsonb_build_object('currency', null, 'priceBaseYear', null, 'worth',
      case when b.currency is not null then jsonb_strip_nulls(
        jsonb_build_object('amount', b."fullValue"::text, 'currency', b.currency, 'priceYear', b."priceBaseYear")) end)
      || case when b.currency is null then '{}' else jsonb_build_object('fullValue', null) end as after,
    'Amount, currency and year of prices are one value from now on.' as why
  from benefits.benefit b where b.currency is not null or b."priceBaseYear" is not null;

update benefits.benefit
  set worth = "fullValue", "worthCurrency" = currency, "worthPriceYear" = "priceBaseYear", "fullValue" = null
  where currency is not null;

alter table benefits.benefit drop column currency, drop column "priceBaseYear";
