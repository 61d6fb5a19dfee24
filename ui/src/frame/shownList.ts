import type { Ref } from "vue";
import type { RowsSource } from "@/kit/grid/rowsSource";
import type { ApiError } from "@/platform";

/** A list as `ListScreen` shows it, whether it was read whole or page after page. */
export interface ShownList<Row> {
  /** Null until the list has been read once. */
  readonly source: Readonly<Ref<RowsSource<Row> | null>>;
  readonly error: Readonly<Ref<ApiError | null>>;
  /** The text that is looked for. */
  readonly typed: Ref<string>;
  /** Rows that the conditions leave, as far as they have been read. */
  readonly count: Readonly<Ref<number>>;
  /** Rows there are without conditions; null where nobody counts them. */
  readonly total: Readonly<Ref<number | null>>;
  load(): Promise<void>;
  /** Of a list read page after page. */
  readonly paging?: {
    readonly hasMore: Readonly<Ref<boolean>>;
    readonly busy: Readonly<Ref<boolean>>;
    more(): Promise<void>;
  };
}

/** What a list says of itself. */
export interface ListWords {
  readonly label: string;
  /** What its parts are parts of. */
  readonly scope?: string;
  /** What can be looked for. */
  readonly hint: string;
  /** There is nothing at all, and what makes something appear. */
  readonly empty: string;
  readonly emptyDetail: string;
}
