/** People who may sign in, and their rights. */
import { Badge, Button, Group, Text } from "@mantine/core";
import { IconPencil, IconUserOff, IconUserPlus, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "@/text";
import { type Column, DataTable, EmptyState, IconAction, Page, QueryView, SidePanel } from "@/ui";
import { useWhileHere } from "@/ui/useWhileHere";
import { DeletePerson } from "./DeletePerson";
import { AdminsOnly } from "./Guard";
import { useMe } from "./me";
import { PersonForm } from "./PersonForm";
import { type Person, peopleQuery } from "./queries";
import { RightsText } from "./RightsText";

const route = getRouteApi("/access-control/people");

export function PeoplePage() {
  return (
    <AdminsOnly>
      <People />
    </AdminsOnly>
  );
}

function People() {
  const { t } = useTranslation("access");
  const { panel, item } = route.useSearch();
  const navigate = route.useNavigate();
  const people = useQuery(peopleQuery);
  const columns = useColumns();
  const open = (next?: typeof panel, about?: string) =>
    void navigate({ search: (before) => ({ ...before, panel: next, item: about }) });
  const close = useWhileHere(() => open());
  const chosen = people.data?.data.find((person) => person.email === item);
  const add = (
    <Button leftSection={<IconUserPlus size={18} aria-hidden />} onClick={() => open("create")}>
      {t("people.create")}
    </Button>
  );
  return (
    <Page title={t("tabs.people")} lead={t("people.lead")} actions={add}>
      <QueryView query={people}>
        {(rows) => (
          <DataTable
            label={t("people.list")}
            rows={rows}
            rowKey={(person) => person.email}
            columns={columns}
            defaultSort="email"
            actions={(person) => (
              <PersonActions
                person={person}
                onEdit={() => open("edit", person.email)}
                onDelete={() => open("delete", person.email)}
              />
            )}
            empty={
              <EmptyState
                icon={<IconUsers size={36} aria-hidden />}
                title={t("people.empty")}
                hint={t("people.emptyHint")}
                action={add}
              />
            }
          />
        )}
      </QueryView>
      <SidePanel title={t("people.create")} opened={panel === "create"} onClose={close} size="xl">
        <PersonForm onDone={close} />
      </SidePanel>
      <SidePanel
        title={t("people.edit", { email: item })}
        opened={panel === "edit" && chosen !== undefined}
        onClose={close}
        size="xl"
      >
        {chosen && <PersonForm key={chosen.email} person={chosen} onDone={close} />}
      </SidePanel>
      {panel === "delete" && chosen && <DeletePerson person={chosen} onClose={close} />}
    </Page>
  );
}

function useColumns(): Column<Person>[] {
  const { t } = useTranslation("access");
  const me = useMe();
  return [
    {
      id: "email",
      header: t("people.email"),
      value: (person) => person.email,
      cell: (person) => (
        <Group gap="xs">
          <Text span>{person.email}</Text>
          {person.email === me.email && (
            <Badge variant="light" color="gray" title={t("people.youHint")}>
              {t("people.you")}
            </Badge>
          )}
        </Group>
      ),
    },
    {
      id: "rights",
      header: t("rights"),
      value: (person) => (person.is_admin ? t("admin") : person.domains.join(" ")),
      cell: (person) => <RightsText isAdmin={person.is_admin} grants={person.grants} />,
    },
    { id: "contact", header: t("people.contact"), value: (person) => person.contact_email },
  ];
}

interface PersonActionsProps {
  person: Person;
  onEdit: () => void;
  onDelete: () => void;
}

/** Nobody changes their own rights: the server refuses it. */
function PersonActions({ person, onEdit, onDelete }: PersonActionsProps) {
  const { t } = useTranslation("access");
  const me = useMe();
  if (person.email === me.email) return null;
  const { email } = person;
  return (
    <Group gap={4} justify="flex-end" wrap="nowrap">
      <IconAction icon={IconPencil} label={t("people.editNamed", { email })} onClick={onEdit} />
      <IconAction danger icon={IconUserOff} label={t("people.deleteNamed", { email })} onClick={onDelete} />
    </Group>
  );
}
