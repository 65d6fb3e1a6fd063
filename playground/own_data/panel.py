"""The dialog in which a person brings data: a file, which columns of it, and a table to edit."""

import pandas as pd
import streamlit as st

from engine import OwnData
from playground import session
from playground.naming import as_text
from playground.own_data import edit
from playground.own_data.table import (
    MOST_MEGABYTES,
    Choice,
    Table,
    number_columns,
    to_own_data,
)

KINDS = {"class": "a class", "value": "a value to predict"}


@st.dialog("Your own data", width="large")
def own_data_dialog(visit: session.Session) -> None:
    """Show what to do with the newest file, or with the data on screen."""
    st.file_uploader(
        "CSV file: from 2 to 7 columns of numbers and one with the class or the value",
        type=["csv", "tsv", "txt"],
        max_upload_size=MOST_MEGABYTES,
        key=session.OWN_FILE,
        on_change=session.read_own_file,
    )
    if visit.complaint:
        st.error(as_text(visit.complaint), icon=":material/error:")
    if visit.draft is None:
        _first_steps(visit)
    else:
        _draft(visit, *visit.draft)


def _first_steps(visit: session.Session) -> None:
    with st.container(horizontal=True):
        st.download_button(
            "Sample file",
            edit.sample_csv,
            file_name="plants.csv",
            key="own_sample",
            on_click="ignore",
            help="90 plants of three kinds, to see what a file looks like.",
        )
        if visit.spec.coordinates > 1:
            st.button(
                "Edit the data on screen",
                key="own_edit",
                on_click=_edit_what_is_on_screen,
                args=(visit,),
            )
    st.caption(
        "Nothing leaves the computer that the playground runs on. Points can also be clicked into "
        "the picture: “Add points…” is above it."
    )


def _edit_what_is_on_screen(visit: session.Session) -> None:
    session.draft_data(*edit.to_table(edit.taken_over(visit.stream.run)))


def _draft(visit: session.Session, table: Table, suggested: Choice) -> None:
    number = visit.drafts
    inputs = st.multiselect(
        "Inputs: the first two span the picture, the others are at their mean there",
        number_columns(table),
        default=suggested.inputs,
        key=f"own_inputs_{number}",
        max_selections=7,
    )
    left, right = st.columns(2)
    target = left.selectbox(
        "Target",
        table.columns,
        index=table.columns.index(suggested.target),
        key=f"own_target_{number}",
    )
    kind = right.segmented_control(
        "which is",
        list(KINDS),
        default="value" if suggested.is_regression else "class",
        required=True,
        key=f"own_kind_{number}",
        format_func=lambda name: KINDS[name],
    )
    edited = _edited(table, number)
    own, complaint = _made(edited, Choice(tuple(inputs), target, kind == "value"))
    if own is None:
        st.error(as_text(complaint), icon=":material/error:")
    else:
        lines = [as_text(line) for line in edit.in_words(own)]
        st.caption("The network sees standard units:  \n" + "  \n".join(lines))
    with st.container(horizontal=True):
        clicked = st.button("Use these data", key="own_use", type="primary", disabled=own is None)
        st.download_button(
            "Save as CSV",
            lambda: edit.to_csv(edited),
            file_name=f"{table.name.removesuffix('.csv')}.csv",
            key="own_save",
            on_click="ignore",
        )
        st.button("Another file", key="own_other", on_click=session.draft_data, args=(None, None))
    if clicked and own is not None:
        session.use_own(own)
        st.rerun()  # the page; a callback would have the dialog alone run again


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
