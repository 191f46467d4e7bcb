#include "runtime/config/reference.hpp"

#include "model/alert_kinds.hpp"
#include "runtime/config/shape.hpp"
#include "runtime/config/value_check.hpp"
#include "runtime/config/values.hpp"

namespace garita::runtime {

namespace {

constexpr std::string_view introduction = R"(# Configuration

<!-- Generated from the table of settings by `garita check --reference`. Change the table, not this page. -->

There are two files, in YAML: the hub's, with a top-level key `hub`, and each agent's, with a top-level key `agent`.
`garita check FILE` says what a file means, or everything that is wrong with it: line, column, value, what is allowed, and
the name that was probably meant. Its exit code is 0 for a fine file and 2 for a wrong one; `--json` is for programs.
Both programs refuse to start with a wrong file.

What the tables call *reload* is taken up while the program runs, on the signal SIGHUP (`systemctl reload`, `kill -HUP`);
the rest waits for the next start, and the log names the changed settings that do. A wrong file changes nothing:
the log says what is wrong, and the settings before it stay in force. When a detector's settings change, the
detectors read on where they were and count anew. Secrets in files are read again too, and so is the certificate.

- `garita check --example hub` (or `agent`) prints a file with every setting.
- `garita check --schema hub` (or `agent`) prints a JSON schema for editors.
- Short files for a start are in `examples/`.

## How values are written

| What | How |
|---|---|
| span of time | `90s`, `15m`, `24h`, `7d`, `1h30m`; `never` where it says so |
| address or network | `192.0.2.7`, `192.0.2.0/24`, `"2001:db8::/32"` |
| yes or no | `yes`, `no` (also `true`, `false`, `on`, `off`) |
| list | `[a, b]`, or a line with a dash for each entry |
| regular expression | RE2 syntax, in single quotes, so that backslashes stay as they are |

A secret is better kept out of the file:

| How | Where the value is |
|---|---|
| `{file: /etc/garita/token}` | in this file; a line end after it is cut. A file that everybody may read is refused |
| `{env: GARITA_TOKEN}` | in this environment variable |
| `{credential: token}` | in this systemd credential (`LoadCredential=token:PATH` in the unit) |
| `the-value-itself` | here; `garita check` warns when everybody may read the file |

Anchors, aliases, tags and several documents in one file are refused, and so is a key that stands twice.
)";

std::string escaped_for_table(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '|') out += '\\';
        if (c == '<') {
            out += "&lt;";
            continue;
        }
        out += c;
    }
    return out;
}

std::string code(std::string_view text) {
    return text.empty() ? "" : '`' + std::string(text) + '`';
}

std::string_view fallback_of(const Setting& setting) {
    return setting.need == Need::required ? "**required**" : "";
}

void write_row(const Setting& setting, bool list, std::string& out) {
    const std::string fallback =
        setting.fallback.empty() ? std::string(fallback_of(setting)) : code(setting.fallback);
    const std::string allowed =
        setting.type == ValueType::section ? (list ? "list" : "") : allowed_text(setting);
    out += "| " + code(setting.path) + " | " + escaped_for_table(allowed) + " | " + fallback + " | " +
           (setting.taken_up == TakenUp::on_reload ? "reload" : "start") + " | " +
           escaped_for_table(setting.help) + " |\n";
}

void write_file(FileKind kind, std::string& out) {
    const auto rows = settings(kind);
    for (const Setting& setting : rows) {
        const bool top = setting.path.find_first_of(".[") == std::string_view::npos;
        if (top) {
            out += "\n### " + std::string(setting.path) + "\n\n" + std::string(setting.help) +
                   "\n\n| Setting | Allowed | Default | Taken up at | Meaning |\n|---|---|---|---|---|\n";
            continue;
        }
        const std::string item = std::string(setting.path) + "[]";
        bool list = false;
        for (const Setting& other : rows)
            list = list || other.path == item;
        write_row(setting, list, out);
    }
}

void write_kinds(std::string& out) {
    out += "\n### Kinds of alerts and their answers\n\n| Kind | Answers |\n|---|---|\n";
    const auto row = [&](const std::string& name, std::span<const Response> responses) {
        out += "| " + name + " |";
        std::string list;
        for (const Response response : responses)
            list += (list.empty() ? " " : ", ") + code(to_text(response));
        out += list + " |\n";
    };
    for (const AlertKind& kind : alert_kinds())
        row(code(kind.name), answers_of(kind.name));
    row("a REST source's own word", answers_of({}));
    row("a policy without a kind", answers_of_every_kind());
    out +=
        "\nThese are what people may answer (`garita decide`, Telegram, REST API) and policies may give; a "
        "single "
        "case\nleaves out `block` where it has no address and `close_connection` where it knows no "
        "session.\n";
}

}  // namespace

std::string reference_markdown() {
    std::string out(introduction);
    out += "\n## The hub's file\n";
    write_file(FileKind::hub, out);
    write_kinds(out);
    out += "\n## An agent's file\n";
    write_file(FileKind::agent, out);
    out += "\n## Every setting of the hub\n\n```yaml\n" + annotated_example(FileKind::hub) + "```\n";
    out += "\n## Every setting of an agent\n\n```yaml\n" + annotated_example(FileKind::agent) + "```\n";
    return out;
}

}  // namespace garita::runtime
