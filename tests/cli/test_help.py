"""Help: it fits the terminal, has the same parts everywhere, and says what a user writes, not what the parser does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import Run
from terminal import WIDTHS, shown, width_of

REGIONS = ["wholebody", "abdomen", "forearm", "leg", "pelvis", "thigh"]
VARIABLES = ["MUSCLEMAP_MODEL_PATH", "MUSCLEMAP_TRUST_LIST", "MUSCLEMAP_TORCH_DIR", "MUSCLEMAP_ENGINE_PATH"]
VARIABLES += ["MUSCLEMAP_MAX_ISA", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "COLUMNS"]
VARIABLES += ["TOTALSEG_WEIGHTS_PATH", "TOTALSEG_HOME_DIR", "MICROSAM_CACHEDIR", "XDG_CACHE_HOME"]
COMMANDS = {
    "mm_segment": ["Examples:", "Exit status:", "143", *VARIABLES, *REGIONS],
    "mm_extract_metrics": ["Examples:", "Exit status:", "143", "wholebody 1.2, 1.4", *REGIONS],
    "musclemap": ["Commands:", "Examples:", "Exit status:", *VARIABLES],
    "musclemap segment": ["Usage: musclemap segment -i FILE [OPTIONS]", *VARIABLES, *REGIONS],
    "musclemap metrics": ["Usage: musclemap metrics -m NAME [OPTIONS]", "Exit status:"],
    "musclemap run": ["Examples:", "Exit status:", *VARIABLES, *REGIONS],
    "musclemap info": ["Usage: musclemap info [OPTIONS] FILE...", "Arguments:", "Exit status:"],
    "musclemap model": ["Commands:", "inspect", "model convert A.pth B.ts"],
    "musclemap model inspect": ["Usage: musclemap model inspect [OPTIONS] FILE", "Examples:"],
    "musclemap task": ["Commands:", "list", "show"],
    "musclemap task list": ["Usage: musclemap task list [OPTIONS]", "--json", "Examples:"],
    "musclemap task show": ["Usage: musclemap task show [OPTIONS] TASK", "Examples:"],
    "musclemap bench": ["[PLANES,]ROWS,COLUMNS", *VARIABLES],
    "musclemap labels": ["Commands:", "export", "list"],
    "musclemap labels export": ["bids, freesurfer, fsleyes, itksnap or slicer", "wholebody 1.2, 1.4"],
    "musclemap labels list": ["Usage: musclemap labels list"],
    "musclemap doctor": ["--json", *VARIABLES],
    "musclemap phase": ["Usage: musclemap phase -i FILE [OPTIONS]", "Examples:", "Exit status:"],
    "musclemap modality": ["Usage: musclemap modality -i FILE [OPTIONS]", "Examples:", "Exit status:"],
    "musclemap combine": ["Usage: musclemap combine -i PATH -o FILE -m NAME", "vertebrae_ribs", "Exit status:"],
    "musclemap radiomics": ["Usage: musclemap radiomics -i FILE --labels PATH -o FILE", "Exit status:"],
    "totalsegmentator": ["--roi_subset NAME...", "(-rs)", "Accepted, without effect:", "Exit status:", *VARIABLES],
    "totalseg_get_phase": ["--labels FILE", "Exit status:"],
    "totalseg_get_modality": ["-n", "Exit status:"],
    "totalseg_combine_masks": ["lung_left", "Exit status:"],
    "totalseg_info": ["--list-tasks", "(-lt)", "--json", "Exit status:"],
    "totalseg_import_weights": ["--weights_file FILE", "Exit status:", *VARIABLES],
    "totalseg_download_weights": ["--task NAME", "Exit status:"],
    "totalseg_set_license": ["--license_number NUMBER", "Exit status:"],
    "musclemap import": ["Usage: musclemap import -i FILE [OPTIONS]", "Exit status:"],
    "musclemap task info": ["--classes", "--json", "Exit status:"],
}
PARSER = re.compile(r"\{|->|TEXT:|INT:|UINT|FLOAT|ENUM|REQUIRED|=auto| \.\.\.$", re.MULTILINE)


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize("command", COMMANDS)
def test_help_fits_the_terminal(columns: int, command: str) -> None:
    lines = shown(columns, *command.split(), "--help").splitlines()
    assert max(map(width_of, lines)) <= columns
    if command in ("mm_segment", "musclemap run"):
        assert max(map(width_of, lines)) > columns * 0.6


@pytest.mark.parametrize("command", COMMANDS)
def test_help_says_what_there_is(command: str, run: Run) -> None:
    program, *arguments = command.split()
    result = run(program, *arguments, "--help", env={"COLUMNS": "200"})
    assert result.status == 0
    assert result.err == ""
    for words in COMMANDS[command]:
        assert words in result.out, words
    assert not PARSER.search(result.out)
    assert run(program, *arguments, "-h", env={"COLUMNS": "200"}).out == result.out


def test_environment_variables_are_those_of_the_code(run: Run) -> None:
    sources = Path(__file__).resolve().parents[2] / "src"
    text = "".join(file.read_text() for file in sources.rglob("*.cpp"))
    read = set(re.findall(r'(?:getenv|environment)\("([A-Z_]+)"\)', text)) - {"HOME", "TERM"}
    assert read <= set(VARIABLES)
    help = run("musclemap", "--help").out
    assert all(name in help for name in read)


def test_groups_of_options(run: Run) -> None:
    for program, titles in {
        "mm_segment": ["Input and output:", "Model:", "Result:", "Computing:", "Options:"],
        "mm_extract_metrics": ["Input and output:", "Label names:", "Measures:", "Tables and maps:", "Computing:"],
    }.items():
        lines = run(program, "--help").out.splitlines()
        assert [line for line in lines if line in titles] == titles


def test_wide_command_lines_can_be_copied(run: Run) -> None:
    text = run("mm_extract_metrics", "--help", env={"COLUMNS": "60"}).out
    joined = re.sub(r" \\\n *", " ", text)
    assert "\n  mm_extract_metrics -m dixon -f fat.nii.gz -w water.nii.gz -s map.nii.gz\n" in joined


@pytest.mark.parametrize("command", ["musclemap", "musclemap model", "musclemap labels"])
def test_group_of_commands_alone_prints_its_help(command: str, run: Run) -> None:
    program, *arguments = command.split()
    result = run(program, *arguments)
    assert (result.status, result.err) == (0, "")
    assert result.out == run(program, *arguments, "--help").out


def test_version(run: Run) -> None:
    for program in ("mm_segment", "mm_extract_metrics", "musclemap"):
        assert re.fullmatch(r"\d+\.\d+\.\d+\S*\n", run(program, "--version").out)


def test_every_value_has_a_name(run: Run) -> None:
    """The word that stands for the value of an option is told, not made up by the formatter."""
    for command in COMMANDS:
        program, *arguments = command.split()
        assert " VALUE" not in run(program, *arguments, "--help").out
