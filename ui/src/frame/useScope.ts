import { ref, type Ref } from "vue";

/** The parts of a short list of which one is shown, each with how many rows it has. */
export function useScope<Row, Scope extends string>(
  within: Readonly<Record<Scope, (row: Row) => boolean>>,
  first: NoInfer<Scope>,
) {
  const scope = ref(first) as Ref<Scope>;
  return {
    scope,
    fits: (row: Row) => within[scope.value](row),
    /** To choose from, in the order of the names. */
    options: (rows: readonly Row[], names: Readonly<Record<Scope, string>>) =>
      (Object.keys(names) as Scope[]).map((value) => ({
        value,
        label: `${names[value]} ${rows.filter(within[value]).length}`,
      })),
  };
}
