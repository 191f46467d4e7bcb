#include "programs/cli/audit_verify.hpp"

#include <charconv>
#include <fstream>

#include <fmt/format.h>

#include "programs/cli/command_options.hpp"
#include "programs/cli/terminal.hpp"
#include "runtime/audit/audit_hash.hpp"
#include "runtime/audit/audit_json.hpp"
#include "runtime/clock/clock.hpp"
#include "runtime/json/text.hpp"
#include "runtime/log/log.hpp"

namespace garita::programs {
namespace audit = runtime::audit;
namespace json = runtime::json;
namespace {

constexpr std::chrono::minutes patience{10};
constexpr std::size_t longest_line = 64 * 1024;

struct VerifyArguments {
    std::string file;
    std::vector<std::string> heads;  ///< "SEQ:HASH"
    bool excerpt = false;
};

std::optional<KeptHead> head_from(std::string_view text) {
    KeptHead kept{"this command line", {}};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), kept.head.seq);
    if (error != std::errc{} || kept.head.seq < 1 || end == text.data() + text.size() || *end != ':')
        return std::nullopt;
    const auto hash = parse_audit_hash(text.substr(static_cast<std::size_t>(end - text.data()) + 1));
    if (!hash) return std::nullopt;
    kept.head.hash = *hash;
    return kept;
}

CLI::Validator head_check() {
    return {[](std::string& text) {
                return head_from(text) ? std::string()
                                       : "'" + text +
                                             "' is no head: write SEQ:HASH as `garita-agent audit-heads` "
                                             "shows it";
            },
            "SEQ:HASH"};
}

void print_verdict(std::int64_t rows, std::string_view hash, std::string_view first_lost) {
    if (rows == 0) return print("0 rows, nothing is recorded yet\n");
    print(fmt::format("{} rows, head {}, proven{}\n", rows, hash, first_lost));
}

int print_broken(const boost::json::object& broken) {
    const auto text = [&](std::string_view member) {
        const auto* const value = broken.if_contains(member);
        return value != nullptr && value->is_string()
                   ? runtime::escape_foreign(std::string_view(value->get_string()))
                   : std::string("unknown");
    };
    print(fmt::format("BROKEN at row {}, time {}, {}\n  {}\n", broken.at("seq").as_int64(), text("at"),
                      text("what"), text("text")));
    return 1;
}

/// One line about each agent whose heads were compared.
void print_agents(const boost::json::array& agents) {
    if (agents.empty())
        return print(
            "  no agent has told this hub a head yet: rows cut off at the end, or a chain computed anew, "
            "would not be seen\n");
    const auto now = runtime::system_now();
    for (const auto& value : agents) {
        const auto& one = value.as_object();
        const auto told = json::parse_iso8601(std::string_view(one.at("told_at").as_string()));
        const auto head = audit::audit_head_from_json(one.at("head"), "head", json::Unknown::ignore);
        print(fmt::format("  agent {} has kept row {}, told {}\n",
                          runtime::escape_foreign(std::string_view(one.at("agent").as_string())),
                          head ? std::to_string(head->seq) : "none",
                          told ? relative(*told, now) : "at an unknown time"));
    }
}

int verdict_of(const boost::json::value& body) {
    const auto& verdict = body.as_object();
    if (const auto* const broken = verdict.if_contains("broken")) {
        const auto code = print_broken(broken->as_object());
        if (const auto* const agents = verdict.if_contains("agents")) print_agents(agents->as_array());
        return code;
    }
    std::string remarks;
    if (const auto* const pruned = verdict.if_contains("pruned"))
        remarks +=
            fmt::format("; rows up to {} were taken away for their age", pruned->at("up_to").as_int64());
    if (const auto* const gaps = verdict.if_contains("gaps"))
        remarks += fmt::format("; an excerpt with {} gaps", gaps->as_int64());
    print_verdict(verdict.at("rows").as_int64(), std::string_view(verdict.at("head").at("hash").as_string()),
                  remarks);
    if (const auto* const agents = verdict.if_contains("agents")) print_agents(agents->as_array());
    return 0;
}

int ask_hub(const CommandOptions& options) {
    HubConnection hub(options.socket);
    const auto reply = hub.get("/api/v1/audit/proof", patience);
    if (!reply) return report_failure(reply.error());
    if (options.json) return print(reply->text + "\n"), reply->body.at("proven").as_bool() ? 0 : 1;
    return verdict_of(reply->body);
}

/// Feeds the file line by line; memory does not grow with it.
Result<AuditVerdict> prove_file(const VerifyArguments& asked) {
    std::ifstream file(asked.file);
    if (!file) return fail(ErrorCode::not_found, asked.file + ": cannot be read");
    std::vector<KeptHead> heads;
    for (const auto& text : asked.heads)
        if (const auto head = head_from(text)) heads.push_back(*head);
    AuditProof proof(audit::blake2b_256, heads,
                     asked.excerpt ? AuditProof::Extent::excerpt : AuditProof::Extent::whole);
    std::vector<char> line(longest_line);
    for (std::int64_t number = 1; file.peek() != std::ifstream::traits_type::eof(); ++number) {
        file.getline(line.data(), static_cast<std::streamsize>(line.size()));
        const auto row = file.fail() ? Result<AuditRow>(fail(ErrorCode::invalid, "the line is too long"))
                                     : audit::parse_audit_line(line.data());
        if (!row) {
            proof.take_unreadable(fmt::format("{}:{}: {}", asked.file, number, row.error().text));
            break;
        }
        if (proof.take(*row) == AuditProof::Next::stop) break;
    }
    if (file.bad()) return fail(ErrorCode::io, asked.file + ": reading failed");
    return proof.finish();
}

int verify_file(const CommandOptions& options, const VerifyArguments& asked) {
    const auto verdict = prove_file(asked);
    if (!verdict) return report_failure(verdict.error());
    const auto body = audit::to_json(*verdict);
    if (options.json) return print(json::serialize(body) + "\n"), verdict->fault ? 1 : 0;
    return verdict_of(body);
}

}  // namespace

void add_audit_verify(CLI::App& audit, int& exit_code) {
    auto* const verify = audit.add_subcommand(
        "verify", "prove that the trail is what was written, or name the first row that is not");
    const auto options = add_common_options(*verify);
    const auto asked = std::make_shared<VerifyArguments>();
    auto* const file =
        verify->add_option("--file", asked->file, "prove this export instead, without any hub");
    verify->add_option("--head", asked->heads, "compare with this head, as an agent has kept it; repeatable")
        ->check(head_check())
        ->needs(file);
    verify->add_flag("--excerpt", asked->excerpt, "the file leaves rows out (exported with a filter)")
        ->needs(file);
    verify->footer(
        "Exit codes: 0 proven, 1 broken (or not possible), 2 wrong use.\n"
        "Example: garita audit verify --file trail.jsonl --head 812:9f86d0…");
    verify->callback([=, &exit_code] {
        exit_code = asked->file.empty() ? ask_hub(*options) : verify_file(*options, *asked);
    });
}

}  // namespace garita::programs
