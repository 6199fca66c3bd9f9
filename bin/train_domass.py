#!/usr/bin/env python3
"""Train the DOMASS network on features (DPAM step 15) of proteins whose domains are known.

Written: the network (--out), trained on all rows; tables of its accuracy in a cross-validation by X-group (--report);
and a picture of its calibration (--plot). The same arguments give the same network.
"""

import argparse
import sys
from pathlib import Path

from domainflow.domains.domass.feature_tables import find_tables, read_training_features
from domainflow.domains.domass.network import write_network
from domainflow.domains.domass.tensorflow import load_tensorflow
from domainflow.domains.domass.training.labels import SAME_X, label_rows, read_labels
from domainflow.domains.domass.training.queries import fair_h_groups
from domainflow.domains.domass.training.report import draw_reliability, insert_report, report
from domainflow.domains.domass.training.training import Plan, about_training, cross_validate, train
from domainflow.run.step import Step, run_program
from domainflow.run.task import add_task_arguments
from domainflow.templates.store import TemplateStore


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--features", type=Path, nargs="+", required=True, help="tables, or folders of *.features.tsv")
    parser.add_argument("--labels", type=Path, nargs="+", required=True, help="known domains: protein, range, h_group")
    parser.add_argument("--reference", type=Path, help="template store: use H-groups of 2 PDB entries or more only")
    parser.add_argument("--out", type=Path, required=True, help="network (.npz) to write")
    parser.add_argument("--report", type=Path, help="Markdown to write")
    parser.add_argument("--plot", type=Path, help="picture of the calibration to write (.svg or .png)")
    parser.add_argument("--docs", type=Path, help="document whose text between two marks is replaced by the report")
    parser.add_argument("--same-x", choices=SAME_X, default="drop", help="rows of the same X-group, other H-group")
    parser.add_argument("--seed", type=int, default=Plan.seed)
    parser.add_argument("--epochs", type=int, default=Plan.epochs, help="of training")
    add_task_arguments(parser)
    args = parser.parse_args()
    plan = Plan(seed=args.seed, epochs=args.epochs, same_x=args.same_x)
    step = Step.begin("TRAIN_DOMASS", args, of=plan.folds)
    load_tensorflow()
    store = TemplateStore.open(args.reference) if args.reference else None
    fair, h_groups = (fair_h_groups(store), store.h_groups) if store else (None, {})
    rows = label_rows(read_training_features(find_tables(args.features)), read_labels(args.labels), fair, h_groups)
    step.heartbeat.begin()
    found = cross_validate(rows, plan, step.heartbeat.add)
    network = train(rows, plan, about_training(rows, plan, args.labels, store))
    step.heartbeat.end()

    write_network(args.out, network)
    text = report(found, network)
    if args.report:
        args.report.write_text(text)
    if args.docs:
        insert_report(args.docs, text)
    if args.plot:
        draw_reliability(args.plot, found)


if __name__ == "__main__":
    sys.exit(run_program(main))
