"""The database itself refuses an approval by a writer: a CHECK cannot see the other table, so a trigger does."""

from typing import ClassVar

from django.db import migrations

CREATE = """
CREATE FUNCTION publishing_nobody_approves_their_own() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.outcome = 'approved' AND EXISTS (
        SELECT 1 FROM publishing_revisioneditor WHERE revision_id = NEW.revision_id AND person_id = NEW.person_id
    ) THEN
        RAISE EXCEPTION 'nobody approves what they wrote' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.outcome = 'approved' AND NEW.digest <> (SELECT digest FROM publishing_revision WHERE id = NEW.revision_id) THEN
        RAISE EXCEPTION 'an approval is bound to the digest it saw' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER publishing_nobody_approves_their_own BEFORE INSERT OR UPDATE ON publishing_decision
    FOR EACH ROW EXECUTE FUNCTION publishing_nobody_approves_their_own();
"""
DROP = "DROP TRIGGER publishing_nobody_approves_their_own ON publishing_decision; DROP FUNCTION publishing_nobody_approves_their_own();"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("publishing", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(CREATE, DROP)]
