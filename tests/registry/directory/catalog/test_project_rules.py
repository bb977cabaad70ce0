"""registry/directory/catalog/project_rules.py"""

import tomllib

import pytest

from registry.directory.catalog import content, project_rules, shipped
from registry.directory.catalog.project_rules import Thing
from verification.canonical import Json

READ = {name: content.read(folder) for name, folder in shipped.folders()}
OPINION, LETTER, TITLE = (
    READ[name] for name in ("project-acceptance-opinion", "single-building-letter", "real-estate-title")
)


def sample(read) -> Json:
    return content.json_of(read.folder, "sample.json")[0]


class TestThings:
    """project_rules.project_of(), things()"""

    def test_rows_of_a_list(self):
        """Each building of the document, by name and unit code, with its place."""
        found = project_rules.things(OPINION.definition.project, sample(OPINION))
        assert found[3] == Thing("/fields/buildings/3/name", "5#商业综合楼", "410199001001GB00001F00050000")
        assert project_rules.project_of(OPINION.definition.project, sample(OPINION)) == "2503-410199-04-01-000001"

    def test_one(self):
        """A letter names one building, a title a unit and no project."""
        assert [one.place for one in project_rules.things(LETTER.definition.project, sample(LETTER))] == [
            "/fields/building_name"
        ]
        title = TITLE.definition.project
        assert [one.unit for one in project_rules.things(title, sample(TITLE))] == ["410199001001GB00001F00031201"]
        assert (project_rules.project_of(title, sample(TITLE)), title.demands) == (None, False)

    @pytest.mark.parametrize("fields", [{}, {"buildings": None}, {"buildings": ["x"]}, {"buildings": [{"name": 1}]}])
    def test_nothing_of_the_kind(self, fields):
        """Fields that are missing or of another shape name nothing; the fields' own rules tell what is wrong."""
        assert project_rules.things(OPINION.definition.project, fields) == []


class TestDefects:
    """project_rules.defects()"""

    def found(self, old, new, relations=("covers", "consolidates")):
        text = OPINION.folder.files["definition.toml"].decode()
        assert old in text
        rules = project_rules.make(tomllib.loads(text.replace(old, new, 1))["project"])
        return [(one.place, one.code) for one in project_rules.defects(rules, relations, OPINION.schema.fields)]

    def test_shipped(self):
        """The shipped table names what there is."""
        assert self.found("project_code", "project_code") == []

    @pytest.mark.parametrize(
        ("old", "new", "place"),
        [
            ('code = "project_code"', 'code = "project"', "/project/code"),
            ('each = "buildings"', 'each = "houses"', "/project/buildings/each"),
            ('name = "name", unit', 'name = "called", unit', "/project/buildings/name"),
            ('unit = "estate_unit"', 'unit = "unit_code"', "/project/buildings/unit"),
            ('number = "approval_number"', 'number = "approval"', "/project/rests_on/number"),
            ('met = ["built_area"', 'met = ["built"', "/project/duty/met"),
        ],
    )
    def test_a_field_there_is_not(self, old, new, place):
        """Whoever writes a type is told which name is none of its fields."""
        assert (place, "face.name_unknown") in self.found(old, new)

    def test_a_relation_that_is_not_listed(self):
        """What the rules derive must be among the type's relations."""
        assert self.found("project_code", "project_code", ()) == [
            ("/relations", "type.relation_missing"),
            ("/relations", "type.relation_missing"),
        ]

    def test_nothing_to_rest_on(self):
        """Covering every building of nothing is no rule."""
        old = 'rests_on = { types = ["11410000000000000T001"], number = "approval_number" }\n'
        assert ("/project/rests_on", "value.missing") in self.found(old, "")
