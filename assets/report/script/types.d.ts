// The data that Python hands to the page (docs/report-data.md). Null where a value is unknown.
// Residues are positions 1..L; segments are [first, last] inclusive; lengths in Å.

export type Segments = [number, number][];

export interface Status { name: string; kind: "good" | "nothing" | "rejected" | "failed"; words: string; number?: number }
export interface Column { name: string; title: string; kind: "text" | "number"; digits?: number; values: (string | number | null)[] }
export interface Rows {
  id: string[]; status: string[]; step: (string | null)[]; reason: (string | null)[];
  length: (number | null)[]; plddt?: (number | null)[];
}
export interface RunDomains {
  row: number[]; name: string[]; range: string[]; label: string[]; t_group: (string | null)[];
  probability: (number | null)[]; clarity: (string | null)[]; doubt: number[]; why: string[];
}
export interface TableData { columns: { title: string; kind: "text" | "number"; digits?: number }[]; rows: (string | number | null)[][] }
export interface BarsData { unit: string; rows: [string, number, string | null][] }
export interface PictureData { svg: string; alt: string }
export type Section = { title: string; note: string | null; place: "top" | "bottom"; wide?: boolean } & (
  { kind: "table"; data: TableData } | { kind: "bars"; data: BarsData } | { kind: "svg"; data: PictureData } | { kind: "text"; data: string[] });
export interface Run {
  title: string; workflow: string; version: string; noun: [string, string]; statuses: Status[]; rows: Rows;
  rows_note?: string | null; columns?: Column[]; domains: RunDomains | null; t_groups: { [group: string]: string };
  thresholds: { [name: string]: number[] }; sections: Section[]; facts: [string, string][];
  files: { path: string; what: string }[]; headline: string | null; cost?: string;
}
export interface Meta {
  pages: { [id: string]: number }; inside: number; folder: string;
  colours: { domains: string[]; linker: string; labels: { [label: string]: string }; plddt: [number, string, string][] };
}

export interface Coordinates { unit: number; middle: [number, number, number]; xyz: string }
export interface Template extends Coordinates { sequence: string; states: string }
export interface Matrix { side: number; cell: number; levels: number[]; data: string; filter?: "up" | "none" }
export interface Evidence {
  source: "dali" | "hh"; template: string; template_id: string; t_group: string; t_group_name: string; value: number; segments: Segments;
}
export interface Alternative {
  template: string; template_id: string; t_group: string; t_group_name: string; probability: number | null;
  hh_probability: number | null; dali_z: number | null; templates: number; aligned: number | null; template_length: number | null;
  rmsd: number | null; rmsd_dali: number | null; transform: number[] | null; blocks: [number, number, number][] | null;
}
export interface Domain {
  name: string; range: string; segments: Segments; length: number; parts: string; author_range: string; label: string;
  assignment: "full" | "part" | "miss"; clarity: string | null; t_group: string | null; t_group_name: string | null;
  template: string | null; template_id: string | null; probability: number | null; hh_probability: number | null;
  dali_z: number | null; template_coverage: number | null; length_ratio: number | null; helices: number; strands: number;
  plddt: number | null; doubt: number; reason: string; evidence: string | null; dpam_range: string | null;
  runner_up: { t_group: string; t_group_name: string; probability: number } | null; source: string | null;
  passed_over: { template_id: string; t_group: string; t_group_name: string; probability: number; why: string }[];
  alternatives: Alternative[];
}
export interface Protein {
  id: string; length: number; sequence: string; states: string; status: string; notes: string | null;
  author: { chain: string | null; labels: string[] } | null; plddt: number[] | null; disorder: Segments;
  disorder_from: "PAE" | "contacts" | "pLDDT" | "none"; depth: number[]; evidence: Evidence[]; hh_suite: boolean; model: Coordinates;
  pae: Matrix | null; same_domain: Matrix; between: { pae: number[][] | null; same_domain: number[][] };
  domains: Domain[]; templates: { [uid: string]: Template }; downloads: { name: string; title: string; text: string }[];
}
export type MapName = "pae" | "same_domain";
export type ColourName = "domain" | "plddt" | "position" | "label" | "pae";
