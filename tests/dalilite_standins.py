"""Stand-ins for DaliLite's scripts, in Perl as these are, and small chains for them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from domainflow.alignment.dalilite.programs import COMPILED
from domainflow.alignment.engine import Chain, EngineSettings, backbone_chain
from domainflow.structures.backbone_pdb import backbone_lines
from domainflow.templates.store import TemplateStore

Archive = Callable[..., Path]

IMPORT = r"""
# makes a file as DaliLite's import does: the code, the number of CA atoms, and the chain's serial numbers
my %given = @ARGV;
open(my $in, '<', $given{'--pdbfile'}) or die;
my @atoms = grep { /^ATOM.{9}CA / } <$in>;
my $count = grep { !/DROP/ } @atoms;
exit 0 if $count < 30;
open(my $out, '>', "$given{'--pdbid'}A.dat") or die;
printf $out ">>>> %sA %4d    1    0    1  E\n", $given{'--pdbid'}, $count;
print $out join("\n", map { substr($_, 17, 3) } @atoms), "\n";
"""
COMPARE = r"""
# aligns residue i with residue i of each template; templates of valine alone make trouble as DaliLite does
use strict;
my %given = @ARGV;
open(my $log, '>>', $ENV{STANDIN_LOG}) or die;
open(my $list, '<', $given{'--db'}) or die;
chomp(my @codes = <$list>);
print $log scalar(@codes), "\n";
my ($length) = (qx(head -1 $given{'--cd1'}.dat) =~ /^>>>> \w+ +(\d+)/);
my (@hits, $trouble);
for my $code (@codes) {
    my $text = qx(cat $given{'--dat2'}$code.dat);
    my ($size) = ($text =~ /^>>>> \w+ +(\d+)/);
    if ($text =~ /VAL/ && $text !~ /GLY/) { $trouble = 1; last; }
    next if $text !~ /ALA/;
    push @hits, [$code, $size];
}
print STDERR "cat: 'fort.1[0-9][0-9]': No such file or directory\n";
print STDERR "$ENV{STANDIN_TROUBLE}\n" if $trouble;
exit($ENV{STANDIN_STATUS} // 0) if $trouble && $ENV{STANDIN_SILENT};
open(my $out, '>', "$given{'--cd1'}.txt") or die;
print $out "# Job: test\n# Query: mol1A\n\n# Pairwise alignments\n\n";
my $n = 0;
for (@hits) {
    my ($code, $size) = @$_;
    my $pairs = $length < $size ? $length : $size;
    $pairs = 40 if $pairs > 40;
    $n++;
    print $out "No $n: Query=mol1A Sbjct=$code Z-score=12.5\n\n";
    print $out "Query ", 'A' x $pairs, 'a' x ($length - $pairs), '-' x ($size - $pairs), "  60\nident\n";
    print $out "Sbjct ", 'A' x $pairs, '-' x ($length - $pairs), 'a' x ($size - $pairs), "  60\n\n";
}
print $out "# Translation-rotation matrices\n";
for (@hits) {
    my ($name) = map { s/A$/-A/r } $_->[0];
    print $out "-matrix  \"mol1-A $name  U(1,.)   1.000000  0.000000  0.000000            1.500000\"\n";
    print $out "-matrix  \"mol1-A $name  U(2,.)   0.000000  1.000000  0.000000           -2.000000\"\n";
    print $out "-matrix  \"mol1-A $name  U(3,.)   0.000000  0.000000  1.000000            0.250000\"\n";
}
"""
TROUBLE = "Fortran runtime error: End of file"


def write_standins(folder: Path) -> None:
    """Write the two scripts, and files with the names of the compiled programs."""
    folder.mkdir(parents=True)
    (folder / "import.pl").write_text(IMPORT)
    (folder / "dali.pl").write_text(COMPARE)
    for name in COMPILED:
        (folder / name).write_text(name)


def calls(tmp_path: Path) -> list[int]:
    """Number of templates in each call so far."""
    path = tmp_path / "calls"
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def chain(length: int) -> Chain:
    backbone = np.arange(length * 12, dtype=np.float32).reshape(length, 4, 3) % 90
    made = backbone_chain(backbone, "A" * length)
    return replace(made, pdb="".join(f"{line}\n" for line in backbone_lines(made.sequence, backbone)))


def long_rows(store: TemplateStore, count: int, least: int = 60) -> list[int]:
    """The first rows of templates with at least so many residues."""
    return np.flatnonzero(store.lengths >= least)[:count].tolist()


def settings(imported: Path, scratch: Path, tmp_path: Path, **changes: object) -> EngineSettings:
    task = tmp_path / "task"
    task.mkdir(exist_ok=True)
    return replace(EngineSettings(imported=imported, scratch=str(scratch), task_folder=task), **changes)
