"""The plan for tables about people, and for what people wrote."""

from domain.erasure.table_plan import Fate, TablePlan, columns

PEOPLE_TABLES = (
    TablePlan(
        "people",
        Fate.ANONYMISED,
        "the random id stands in histories and in other tables; without this row it is nobody's",
        emptied=columns(
            "external_id name email roles function site locale zone supervisor delegate seats"
            " languages offers wants windows own_windows searched"
        ),
        kept=columns("person region left_at link_generation"),
        hidden=columns("searched"),
    ),
    TablePlan(
        "closed_links",
        Fate.ANONYMISED,
        "that links were closed, so that they stay closed; who closed them is emptied where it names the person",
        emptied=columns("closed_by"),
        kept=columns("person generation closed_at"),
        hidden=columns("closed_by"),
    ),
    TablePlan(
        "reporting_lines",
        Fate.DELETED,
        "but the random id stays where others report to the person, so that distances between others stay right"
        " until the organisation says to whom they report now",
        emptied=columns("person manager dotted position"),
    ),
    TablePlan(
        "completed_modules",
        Fate.DELETED,
        "what somebody has learnt",
        emptied=columns("person module completed_at"),
    ),
    TablePlan(
        "people_changes",
        Fate.DELETED,
        "what changed about the person",
        emptied=columns("id person fields source at"),
    ),
    TablePlan(
        "people_field_times",
        Fate.DELETED,
        "since when a column holds what it holds",
        emptied=columns("person field stated_at"),
    ),
    TablePlan(
        "future_people_changes",
        Fate.DELETED,
        "what will change; a change of somebody else no longer names the person",
        emptied=columns(
            "key person cells back effective stated_at source arrived refused next_try"
        ),
    ),
    TablePlan(
        "people_files",
        Fate.DELETED,
        "a file that was uploaded may hold the person; each goes an hour after its last change at the latest",
        emptied=columns(
            "name digest stage writes step lines_read lines columns leavers found database_unavailable"
            " made_at changed_at"
        ),
        shown=False,
    ),
    TablePlan(
        "people_file_parts",
        Fate.DELETED,
        "the bytes of these files",
        emptied=columns("name position data"),
        shown=False,
    ),
    TablePlan(
        "directives",
        Fate.DELETED,
        "the leave of the person; what is in force for others stays",
        emptied=columns("scope paused version reason changed_at stated_at"),
    ),
    TablePlan(
        "informed_people",
        Fate.KEPT,
        "that a random id was shown a privacy notice, and when",
        kept=columns("person notice way at"),
    ),
    TablePlan(
        "privacy_notices",
        Fate.KEPT,
        "words of the organisation, and the random id of the account that set them",
        kept=columns("id programme region url text_en text_fr set_at set_by ended_at"),
        shown=False,
    ),
    TablePlan(
        "region_locales",
        Fate.KEPT,
        "about regions",
        kept=columns("region locale"),
        shown=False,
    ),
)

WORDS_TABLES = (
    TablePlan(
        "data_keys",
        Fate.ANONYMISED,
        "the key of what the person answered is destroyed before anything else, so that copies of the answers are"
        " unreadable too. The row stays and says that nothing is sealed for the person again",
        emptied=columns("wrapped wrapped_by"),
        kept=columns("owner number made_at"),
        shown=False,
    ),
    TablePlan(
        "pulses",
        Fate.ANONYMISED,
        "a mark that was released is in the totals of releases and goes here; the row stays to count who answered."
        " A mark that was in no release goes with its row",
        emptied=columns("score idea comment wants_help"),
        kept=columns(
            "pair session side programme region wave person received_at release idea_release"
        ),
        sealed=columns("score idea comment wants_help"),
    ),
    TablePlan(
        "releases",
        Fate.KEPT,
        "figures of at least five people; what was published stays published",
        kept=columns(
            "programme region wave number at people lowest highest answers least_sum most_sum total"
        ),
        sealed=columns("total"),
        shown=False,
    ),
    TablePlan(
        "idea_releases",
        Fate.KEPT,
        "when ideas of at least five people were published",
        kept=columns("programme region wave number at"),
        shown=False,
    ),
    TablePlan(
        "closing_answers",
        Fate.DELETED,
        "what a mentor wants to do next",
        emptied=columns("pair person offer word_to_manager given_at"),
    ),
)
