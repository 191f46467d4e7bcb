// garita audit, garita audit --export

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "programs/cli/audit_verify.hpp"
#include "programs/cli/command_options.hpp"
#include "programs/cli/commands.hpp"
#include "programs/cli/terminal.hpp"
#include "runtime/clock/clock.hpp"
#include "runtime/json/model_json.hpp"
#include "runtime/json/text.hpp"

namespace garita::programs {
namespace json = runtime::json;
namespace {

struct AuditArguments {
    std::string object;
    std::int64_t case_id = 0;
    std::string since;
    std::int64_t limit = 0;  ///< 0: 50 for reading, everything for an export
    std::string file;        ///< "-": standard output
    bool exports = false;

    /// The filters as part of a query.
    [[nodiscard]] std::string filters() const {
        auto text = "&object=" + percent_encode(case_id > 0 ? fmt::format("case {}", case_id) : object);
        if (!since.empty())
            text += "&since=" +
                    percent_encode(to_iso8601(runtime::system_now() - span_of(since).value_or(Duration{0})));
        return text;
    }
};

int show_audit(const CommandOptions& options, const AuditArguments& asked) {
    HubConnection hub(options.socket);
    const auto limit = asked.limit > 0 ? asked.limit : 50;
    const auto reply = hub.get(fmt::format("/api/v1/audit?limit={}{}", limit, asked.filters()));
    if (!reply) return report_failure(reply.error());
    if (options.json) return print(reply->text + "\n"), 0;
    Table table({"TIME (UTC)", "WHO", "WHAT", "OBJECT", "DETAIL"});
    for (const auto& value : reply->body.at("entries").as_array()) {
        const auto entry = json::audit_entry_from_json(value, "entry", json::Unknown::ignore);
        if (!entry) return report_failure(entry.error());
        table.add({to_iso8601(entry->at).substr(0, 19), entry->actor.text(), entry->verb, entry->object,
                   entry->detail});
    }
    print(table.empty() ? "Nothing recorded yet.\n" : table.text());
    return 0;
}

/// Writes the export: a new file for its user only, or standard output.
class ExportFile {
  public:
    explicit ExportFile(const std::string& name) : name_(name == "-" ? "standard output" : name) {
        if (name == "-") {
            file_ = stdout;
            return;
        }
        const int fd = ::open(name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        file_ = fd >= 0 ? ::fdopen(fd, "w") : nullptr;
    }
    ~ExportFile() {
        if (file_ != nullptr && file_ != stdout) std::fclose(file_);
    }
    ExportFile(const ExportFile&) = delete;
    ExportFile& operator=(const ExportFile&) = delete;

    Result<void> line(std::string_view text) {
        if (file_ == nullptr) return failed();
        if (std::fwrite(text.data(), 1, text.size(), file_) != text.size() || std::fputc('\n', file_) == EOF)
            return failed();
        return {};
    }
    Result<void> finish() {
        if (file_ == nullptr || std::fflush(file_) != 0) return failed();
        if (file_ != stdout && ::fsync(::fileno(file_)) != 0) return failed();
        return {};
    }

  private:
    [[nodiscard]] Result<void> failed() const {
        return fail(ErrorCode::io, name_ + ": cannot be written: " + std::strerror(errno));
    }
    std::string name_;
    std::FILE* file_ = nullptr;
};

Result<std::int64_t> export_rows(HubConnection& hub, const AuditArguments& asked, ExportFile& file) {
    constexpr std::int64_t at_once = 2000;
    std::int64_t written = 0;
    const auto filters = asked.filters();
    const auto most = asked.limit > 0 ? asked.limit : std::numeric_limits<std::int64_t>::max();
    for (std::int64_t after = 0; written < most;) {
        const auto wanted = std::min(at_once, most - written);
        const auto reply =
            hub.get(fmt::format("/api/v1/audit/rows?after={}&limit={}{}", after, wanted, filters));
        if (!reply) return tl::unexpected(reply.error());
        const auto& rows = reply->body.at("rows").as_array();
        for (const auto& row : rows) {
            if (const auto done = file.line(json::serialize(row)); !done) return tl::unexpected(done.error());
            after = row.at("seq").as_int64();
            ++written;
        }
        if (static_cast<std::int64_t>(rows.size()) < wanted) break;
    }
    if (const auto done = file.finish(); !done) return tl::unexpected(done.error());
    return written;
}

int export_audit(const CommandOptions& options, const AuditArguments& asked) {
    HubConnection hub(options.socket);
    if (const auto head = hub.get("/api/v1/audit/head"); !head) return report_failure(head.error());
    const std::string name = asked.file.empty() ? "-" : asked.file;
    ExportFile file(name);
    const auto written = export_rows(hub, asked, file);
    if (!written) return report_failure(written.error());
    if (name != "-") print(fmt::format("{} rows written to {}\n", *written, name));
    return 0;
}

}  // namespace

void add_audit_commands(CLI::App& app, int& exit_code) {
    auto* const audit = app.add_subcommand("audit", "who did what, the newest first");
    const auto options = add_common_options(*audit);
    const auto asked = std::make_shared<AuditArguments>();
    auto* const object = audit->add_option("--object", asked->object, "only about this, as 'case 12'");
    audit->add_option("--case", asked->case_id, "only about this case")
        ->check(CLI::PositiveNumber)
        ->excludes(object);
    audit->add_option("--since", asked->since, "only of the last 24h, 7d …")->check(span_check());
    audit->add_option("-n,--limit", asked->limit, "at most so many (50; an export: all)")
        ->check(CLI::Range(1, 1000000000));
    auto* const to = audit->add_option(
        "--export", asked->file,
        "write rows with their hashes, the oldest first, one JSON object a line, to FILE or "
        "standard output");
    to->expected(0, 1)->type_name("[FILE]");
    audit->footer("Example: garita audit --export trail.jsonl && garita audit verify --file trail.jsonl");
    add_audit_verify(*audit, exit_code);
    audit->callback([=, &exit_code] {
        if (!audit->get_subcommands().empty()) return;  // verify has run
        exit_code = to->count() > 0 ? export_audit(*options, *asked) : show_audit(*options, *asked);
    });
}

}  // namespace garita::programs
