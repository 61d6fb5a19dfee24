import { computed, ref, watch, type Ref } from "vue";
import { useNavigation, type RoomId } from "./navigation";

/**
 * The parts of a room, as `RoomTabs` shows them: the first one, until another is chosen or somebody is sent to it, by its
 * name as `part` or by an argument that it takes.
 *
 * @param opens arguments of a place, and the part that each opens
 * @example const { part, tabs } = useRoomParts("volume", () => text.value.volume.tabs, { contract: "contracts" });
 */
export function useRoomParts<Part extends string>(
  room: RoomId,
  names: () => Readonly<Record<Part, string>>,
  opens: Readonly<Record<string, NoInfer<Part>>> = {},
) {
  const { place } = useNavigation();
  const tabs = computed(() => (Object.keys(names()) as Part[]).map((id) => ({ id, label: names()[id] })));
  const part = ref(tabs.value[0]!.id) as Ref<Part>;
  watch(
    place,
    ({ room: there, args }) => {
      if (there !== room) return;
      const named = tabs.value.find(({ id }) => id === args["part"])?.id;
      const opened = named ?? Object.keys(args).map((name) => opens[name])[0];
      if (opened !== undefined) part.value = opened;
    },
    { immediate: true },
  );
  return { part, tabs };
}
