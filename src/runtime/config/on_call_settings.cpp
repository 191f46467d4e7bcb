#include <array>

#include "runtime/config/setting_tables.hpp"

namespace garita::runtime {

namespace {

using enum ValueType;
using enum Need;
using enum TakenUp;

constexpr auto on_call_table = std::to_array<Setting>({
    // path, type, range, default, need, taken up, sample, help
    {"on_call", section, "", "", optional, on_reload, "",
     "Who is told of a case that nobody answers. With it, questions can be taken on (\"I take it\"), which "
     "holds the next steps back for a while."},
    {"on_call.severity", choice, "info|warning|critical", "warning", optional, on_reload, "",
     "Cases that are less severe go no step."},
    {"on_call.steps", section, "", "", optional, on_reload, "",
     "Whom a case goes to, and when. Who is named in no step is told at once; who is named in one, not "
     "before."},
    {"on_call.steps[]", section, "", "", optional, on_reload, "", "One step."},
    {"on_call.steps[].after", span, "1s..30d", "", required, on_reload, "10m",
     "So long nobody has answered, and nobody has taken it on. Each step is later than the one before."},
    {"on_call.steps[].chats", section, "", "", optional, on_reload, "", "Chats that are told then."},
    {"on_call.steps[].chats[]", text, "", "", optional, on_reload, "night",
     "One of telegram.chats, by its name or its id."},
    {"on_call.steps[].mail", section, "", "", optional, on_reload, "",
     "Recipients of mail that are told then."},
    {"on_call.steps[].mail[]", mail, "", "", optional, on_reload, "ana@example.org",
     "One address of mail.to."},
    {"on_call.steps[].webhooks", section, "", "", optional, on_reload, "", "Webhooks that are called then."},
    {"on_call.steps[].webhooks[]", name, "", "", optional, on_reload, "phones", "One of webhooks."},
    {"on_call.steps[].exec", section, "", "", optional, on_reload, "", "Programs that are run then."},
    {"on_call.steps[].exec[]", name, "", "", optional, on_reload, "desk", "One of exec."},
    {"on_call.acknowledged_for", span, "1s..1d", "30m", optional, on_reload, "",
     "How long \"I take it\" holds the next steps back, where the person does not say it. Then the case "
     "goes on where it stopped."},
});

}  // namespace

std::span<const Setting> on_call_settings() {
    return on_call_table;
}

}  // namespace garita::runtime
