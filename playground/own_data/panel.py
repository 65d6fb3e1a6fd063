"""The dialog for a person's own data: a file, the columns to use, and a table to edit."""

from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st

from engine import OwnData
from engine.own_data import CLASSES, COORDINATES
from engine.spec import AUTO, loss_fits
from playground import settings, widgets
from playground.limits import OWN_ROWS
from playground.naming import as_text
from playground.own_data import edit
from playground.own_data.table import (
    MOST_COLUMNS,
    MOST_MEGABYTES,
    UPLOAD_MEGABYTES,
    Choice,
    Table,
    incomplete_rows,
    number_columns,
    read_table,
    suggest,
    to_own_data,
    without_rows,
)
from playground.server.config import config
from playground.visit import Visit

FILE = "own_file"  # key of the uploaded file
LIMITS = (
    f"Use {COORDINATES[0]} to {COORDINATES[1]} columns of numbers as inputs, and a target with "
    f"{CLASSES[0]} to {CLASSES[1]} classes or with values. A file can have {OWN_ROWS[0]} to "
    f"{OWN_ROWS[1]:,} rows, up to {MOST_COLUMNS} columns and up to {MOST_MEGABYTES} MB."
)
KINDS = {"class": "a class", "value": "a value to predict"}


def own_data_button(visit: Visit) -> None:
    """Show the button, and the dialog while it is open, whatever reruns the page."""
    if not config().own_data or not visit.restrictions.takes_own_data:
        return
    st.button(
        "Your own…",
        key="own_data",
        help="A CSV file, or a table to edit.",
        on_click=_open,
        args=(visit,),
    )
    if visit.brings_data:
        dismissed = partial(_close, visit)
        st.dialog("Your own data", width="large", on_dismiss=dismissed)(_dialog)(visit)


# Callbacks are given the visit. To read it from the session's state, they would pass a point where
# Streamlit may break off what runs for the next message: it drops a callback that it interrupts.


def _open(visit: Visit) -> None:
    visit.brings_data = True


def _close(visit: Visit) -> None:
    visit.brings_data = False


def _dialog(visit: Visit) -> None:
    """Show the uploader, and the draft or the ways to begin one."""
    st.file_uploader(
        "CSV file: columns of numbers, and one column with the class or the value to predict",
        type=["csv", "tsv", "txt"],
        max_upload_size=UPLOAD_MEGABYTES,
        key=FILE,
        on_change=_read_file,
    )
    st.caption(LIMITS)
    if visit.complaint:
        st.error(as_text(visit.complaint), icon=":material/error:")
    if visit.draft is None:
        _first_steps(visit)
    else:
        _draft(visit, *visit.draft)


def _first_steps(visit: Visit) -> None:
    with st.container(horizontal=True):
        st.download_button(
            "Example file",
            edit.sample_csv,
            file_name="plants.csv",
            key="own_sample",
            on_click="ignore",
            help="Three kinds of plants, 90 in all: see what a file looks like.",
        )
        if visit.spec.coordinates > 1:
            st.button(
                "Edit the data on screen",
                key="own_edit",
                on_click=_edit_what_is_on_screen,
                args=(visit,),
            )
    st.caption(
        "Your data stay on the computer that runs the playground. You can also add points with a "
        "click in the picture: choose “Add points…” above it."
    )


def _edit_what_is_on_screen(visit: Visit) -> None:
    _show_draft(*edit.to_table(edit.taken_over(visit.stream.run)))


def _draft(visit: Visit, table: Table, suggested: Choice) -> None:
    number, columns = visit.drafts, number_columns(table)
    inputs = st.multiselect(
        "Inputs: the first two are the axes of the picture, which holds the others at their means",
        columns,
        default=suggested.inputs,
        key=f"own_inputs_{number}",
        max_selections=COORDINATES[1],
        select_all=len(columns) <= COORDINATES[1],
    )
    left, right = st.columns(2)
    target = left.selectbox(
        "Target",
        table.columns,
        index=table.columns.index(suggested.target),
        key=f"own_target_{number}",
    )
    kind = right.segmented_control(
        "The target is",
        list(KINDS),
        default="value" if suggested.is_regression else "class",
        required=True,
        key=f"own_kind_{number}",
        format_func=lambda name: KINDS[name],
    )
    edited = _edited(table, number)
    choice = Choice(tuple(inputs), target, kind == "value")
    own, complaint = _made(edited, choice)
    if own is None:
        st.error(as_text(complaint), icon=":material/error:")
        _leave_out(edited, choice)
    else:
        lines = [as_text(line) for line in edit.in_words(own)]
        st.caption("The network sees the data in standard units:  \n" + "  \n".join(lines))
    with st.container(horizontal=True):
        clicked = st.button("Use these data", key="own_use", type="primary", disabled=own is None)
        st.download_button(
            "Save as CSV",
            lambda: edit.to_csv(edited),
            file_name=f"{table.name.removesuffix('.csv')}.csv",
            key="own_save",
            on_click="ignore",
        )
        st.button("Another file", key="own_other", on_click=_show_draft, args=(None, None))
    if clicked and own is not None:
        _use(visit, own)
        st.rerun()  # the page; a callback would have the dialog alone run again


def _leave_out(table: Table, choice: Choice) -> None:
    """Offer to leave out the incomplete rows, if enough rows remain."""
    incomplete = incomplete_rows(table, choice)
    if not incomplete or len(table.rows) - len(incomplete) < OWN_ROWS[0]:
        return
    rows = (
        "the incomplete row" if len(incomplete) == 1 else f"the {len(incomplete):,} incomplete rows"
    )
    st.button(
        f"Leave out {rows}",
        key="own_leave_out",
        help="Rows where the target or an input is missing: empty, NA, NaN, null or ?",
        on_click=_show_draft,
        args=(without_rows(table, incomplete), choice),
    )


def _edited(table: Table, number: int) -> Table:
    """The table as the person has edited it; all cells are text."""
    frame = pd.DataFrame(list(table.rows), columns=list(table.columns), dtype=str)
    frame.index = pd.Index(table.numbers or range(1, len(table.rows) + 1), name="row")
    found = st.data_editor(
        frame,
        key=f"own_table_{number}",
        num_rows="dynamic",
        height=260,
        column_config={name: st.column_config.TextColumn() for name in table.columns},
    )
    rows = tuple(
        tuple("" if pd.isna(cell) else str(cell).strip() for cell in row)
        for row in found.itertuples(index=False, name=None)
    )
    if rows == table.rows:
        return table
    return Table(table.name, table.columns, rows)


def _made(table: Table, choice: Choice) -> tuple[OwnData | None, str]:
    """The data of a table, or why they can't be used."""
    try:
        return to_own_data(table, choice), ""
    except ValueError as error:
        return None, f"{error}."


def _read_file() -> None:
    """Callback: show the table of a file in the dialog, or say why it can't be used."""
    visit, file = widgets.visit(), widgets.given(FILE)
    if visit is None or file is None:
        return
    try:
        table = read_table(file.getvalue(), file.name)
        _show_draft(table, suggest(table))
    except ValueError as error:
        visit.draft, visit.complaint = None, f"{error}."


def _show_draft(table: Table | None, choice: Choice | None) -> None:
    """Callback: show another table in the dialog, or none."""
    visit = widgets.visit()
    if visit is not None:
        visit.draft = None if table is None or choice is None else (table, choice)
        visit.drafts += 1
        visit.complaint = ""


def _use(visit: Visit, own: OwnData) -> None:
    """Begin a run with a person's data; all chosen columns are inputs."""
    # x1, x2 … of each column once, no functions of them
    plain = tuple(f"x{number}" for number in range(1, len(own.columns) + 1))
    loss = visit.spec.loss if loss_fits(visit.spec.loss, len(own.classes)) else AUTO
    spec = replace(visit.spec, own=own, features=plain, loss=loss)
    settings.open_spec(spec, pin=visit.stream.pin)
    _show_draft(None, None)
    visit.brings_data = False
