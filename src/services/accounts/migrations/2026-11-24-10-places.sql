-- A profession belongs to an exercice, hence to the places of that exercice: somebody may be an infirmier here and an
-- audioprothésiste there. Employees of a structure (CPE) are people of their own kind.

alter table portal.activity add column profession_code text not null default '';
update portal.activity a set profession_code = p.profession_code
  from portal.person p where p.person_id = a.person_id;

alter table portal.person
  drop constraint person_kind_check,
  add constraint person_kind_check check (kind in ('practitioner', 'employee', 'staff'));
