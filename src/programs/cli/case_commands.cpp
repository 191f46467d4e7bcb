// garita cases, garita case N, garita decide N RESPONSE

#include <charconv>

#include <fmt/format.h>

#include "adapters/catalogue/catalogue.hpp"
#include "adapters/zoneinfo/zone.hpp"
#include "programs/cli/command_options.hpp"
#include "programs/cli/commands.hpp"
#include "programs/cli/effects.hpp"
#include "programs/cli/terminal.hpp"
#include "runtime/clock/clock.hpp"
#include "runtime/json/model_json.hpp"
#include "runtime/json/writer.hpp"

namespace garita::programs {
namespace json = runtime::json;
namespace {

/// Everything that turns a case into text for this terminal.
class CaseWords {
  public:
    CaseWords() : zone_(zoneinfo::local_zone()), reader_{catalogue_, *zone_, terminal_language()} {}
    [[nodiscard]] const decide::Reader& reader() const { return reader_; }

  private:
    catalogue::MessageCatalogue catalogue_;
    std::shared_ptr<const decide::TimeZone> zone_;
    decide::Reader reader_;
};

std::string answer_of(const Case& about) {
    if (!about.decision) return std::string(to_text(about.state));
    return fmt::format("{} by {}", to_text(about.decision->response), about.decision->by.text());
}

int list_cases(const CommandOptions& options, const std::string& state, std::int64_t limit) {
    HubConnection hub(options.socket);
    const auto reply = hub.get(fmt::format("/api/v1/cases?state={}&limit={}", state, limit));
    if (!reply) return report_failure(reply.error());
    if (options.json) return print(reply->text + "\n"), 0;
    const auto cases = read_cases(reply->body);
    if (!cases) return report_failure(cases.error());
    const CaseWords words;
    const auto now = runtime::system_now();
    Table table({"CASE", "SEVERITY", "DEVICE", "WHEN", "ALERTS", "STATE", "WHAT"});
    for (const auto& [about, progress] : *cases) {
        table.add({std::to_string(about.id.value), std::string(to_text(about.severity)), about.device,
                   relative(about.last_alert_at, now), std::to_string(about.alert_count), answer_of(about),
                   decide::case_title(about, words.reader())});
    }
    if (table.empty()) return print(state == "open" ? "No open cases.\n" : "No cases.\n"), 0;
    print(table.text());
    if (state == "open")
        print("\nAnswer with: garita decide CASE RESPONSE      Look closer: garita case CASE\n");
    return 0;
}

std::string offered(const Case& about) {
    std::string text;
    for (const auto response : about.responses)
        text += fmt::format("  garita decide {} {}\n", about.id.value, to_text(response));
    return text;
}

int show_case(const CommandOptions& options, std::int64_t id) {
    HubConnection hub(options.socket);
    const auto reply = hub.get(fmt::format("/api/v1/cases/{}", id));
    if (!reply) return report_failure(reply.error());
    if (options.json) return print(reply->text + "\n"), 0;
    const auto shown = read_case(reply->body);
    if (!shown) return report_failure(shown.error());
    const CaseWords words;
    print(decide::plain_text(shown->about, shown->progress, words.reader(), 1'000'000) + "\n");
    if (can_be_confirmed(*shown))
        print(fmt::format("\nConfirm it from a new connection:\n  garita confirm {}\n", id));
    if (shown->about.state == CaseState::open) print("\nAnswers:\n" + offered(shown->about));
    return 0;
}

struct DecideArguments {
    std::int64_t id = 0;
    std::string response;
    std::string lasts;
    std::string comment;
    std::string totp;
    std::int64_t wait_seconds = 5;
};

int decide_case(const CommandOptions& options, const DecideArguments& arguments) {
    json::Writer body;
    body.text("response", arguments.response).text_if("comment", arguments.comment);
    if (!arguments.lasts.empty()) body.seconds_if("for", span_of(arguments.lasts));
    HubConnection hub(options.socket);
    const auto reply = post_with_code(hub, fmt::format("/api/v1/cases/{}/decision", arguments.id),
                                      body.finish(), arguments.totp);
    if (!reply) return report_failure(reply.error());
    const bool accepted = reply->status != 409;
    auto answered = read_answered_case(reply->body);
    if (!answered) return report_failure(answered.error());
    Result<ShownCase> shown = std::move(answered->shown);
    if (accepted && shown->about.state == CaseState::decided)
        shown = wait_for_effects(hub, arguments.id, std::chrono::seconds(arguments.wait_seconds));
    if (!shown) return report_failure(shown.error());
    if (options.json) {
        auto answer = json::Writer()
                          .text("outcome", answered->outcome)
                          .value("case", json::to_json(shown->about))
                          .value("progress", json::to_json(shown->progress))
                          .finish();
        print(json::serialize(answer) + "\n");
    } else {
        const CaseWords words;
        if (!accepted) print("Not done: the case was already answered or is over.\n\n");
        print(decide::plain_text(shown->about, shown->progress, words.reader(), 1'000'000) + "\n");
        if (accepted && can_be_confirmed(*shown))
            print(fmt::format("\nConfirm it from a new connection: garita confirm {}\n", arguments.id));
    }
    if (reply->status == 202) return 3;
    return accepted && shown->progress.failed == 0 ? 0 : 1;
}

int confirm_case(const CommandOptions& options, std::int64_t id) {
    HubConnection hub(options.socket);
    const auto reply = hub.post(fmt::format("/api/v1/cases/{}/confirm", id), boost::json::object{});
    if (!reply) return report_failure(reply.error());
    if (options.json) return print(reply->text + "\n"), reply->status == 409 ? 1 : 0;
    const auto answered = read_answered_case(reply->body);
    if (!answered) return report_failure(answered.error());
    const auto& shown = answered->shown;
    const CaseWords words;
    if (reply->status == 409) print("Not done: it was confirmed before, or is over.\n\n");
    print(decide::plain_text(shown.about, shown.progress, words.reader(), 1'000'000) + "\n");
    return reply->status == 409 ? 1 : 0;
}

int acknowledge_case(const CommandOptions& options, std::int64_t id, const std::string& lasts,
                     const std::string& comment) {
    json::Writer body;
    body.text_if("comment", comment);
    if (!lasts.empty()) body.seconds_if("for", span_of(lasts));
    HubConnection hub(options.socket);
    const auto reply = hub.post(fmt::format("/api/v1/cases/{}/acknowledgement", id), body.finish());
    if (!reply) return report_failure(reply.error());
    const int exit_code = reply->status == 409 ? 1 : 0;
    if (options.json) return print(reply->text + "\n"), exit_code;
    const auto answered = read_answered_case(reply->body);
    if (!answered) return report_failure(answered.error());
    const CaseWords words;
    if (exit_code != 0) print("Not done: the case was already answered or is over.\n\n");
    print(decide::plain_text(answered->shown.about, answered->shown.progress, words.reader(), 1'000'000) +
          "\n");
    return exit_code;
}

/// The one of the library tells a range with three hundred digits.
CLI::Validator case_check() {
    return {[](std::string& text) {
                std::int64_t number = 0;
                const auto* const end = text.data() + text.size();
                const auto parsed = std::from_chars(text.data(), end, number);
                return parsed.ec == std::errc{} && parsed.ptr == end && number > 0
                           ? std::string()
                           : "'" + text + "' is no number of a case; `garita cases` lists them";
            },
            "NUMBER"};
}

void add_cases(CLI::App& app, int& exit_code) {
    auto* const command = app.add_subcommand("cases", "the cases that wait for an answer");
    const auto options = add_common_options(*command);
    const auto all = std::make_shared<bool>(false);
    const auto limit = std::make_shared<std::int64_t>(100);
    command->add_flag("-a,--all", *all, "answered, expired and observed ones too");
    command->add_option("-n,--limit", *limit, "at most so many, the newest first")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    command->footer("Example: garita cases --all --limit 20");
    command->callback([options, all, limit, &exit_code] {
        exit_code = list_cases(*options, *all ? "all" : "open", *limit);
    });
}

void add_case(CLI::App& app, int& exit_code) {
    auto* const command = app.add_subcommand("case", "one case with its facts, answers and results");
    const auto options = add_common_options(*command);
    const auto id = std::make_shared<std::int64_t>(0);
    command->add_option("CASE", *id, "its number")->required()->check(case_check());
    command->callback([options, id, &exit_code] { exit_code = show_case(*options, *id); });
}

void add_decide(CLI::App& app, int& exit_code) {
    auto* const command = app.add_subcommand("decide", "answer a case");
    const auto options = add_common_options(*command);
    const auto arguments = std::make_shared<DecideArguments>();
    command->add_option("CASE", arguments->id, "its number")->required()->check(case_check());
    command
        ->add_option(
            "RESPONSE", arguments->response,
            "allow, nothing, close_connection, block, reboot or power_off; to a runaway policy: resume, "
            "keep_observing or undo; to open ports: accept, mute or keep; to a SIEM's incident: refresh, "
            "approve, dismiss, start_work or resolve")
        ->required()
        ->check(CLI::IsMember({"allow", "nothing", "close_connection", "block", "reboot", "power_off",
                               "resume", "keep_observing", "undo", "accept", "mute", "keep", "refresh",
                               "approve", "dismiss", "start_work", "resolve"}));
    command->add_option("--for", arguments->lasts, "how long a block or mute lasts: 90s, 15m, 24h, 7d")
        ->check(span_check());
    command->add_option("--comment", arguments->comment, "why, for the audit trail");
    command->add_option("--totp", arguments->totp,
                        "one-time code, where the answer takes one; asked for on a terminal");
    command->add_option("--wait", arguments->wait_seconds, "seconds to wait for the result")
        ->check(CLI::Range(0, 600))
        ->capture_default_str();
    command->footer(
        "Example: garita decide 12 block --for 24h --comment 'scanner'\n"
        "Exit code: 0 done, 1 not done (refused, already answered, or an effect failed), 2 wrong use,\n"
        "3 kept as a proposal: other persons must give the same answer");
    command->callback([options, arguments, &exit_code] { exit_code = decide_case(*options, *arguments); });
}

void add_confirm(CLI::App& app, int& exit_code) {
    auto* const command =
        app.add_subcommand("confirm", "keep the wide block of a case, from a new connection");
    const auto options = add_common_options(*command);
    const auto id = std::make_shared<std::int64_t>(0);
    command->add_option("CASE", *id, "its number")->required()->check(case_check());
    command->footer(
        "Log in anew after the block is in force, and confirm from there: that proves that you still can.\n"
        "Unconfirmed, the block ends by itself within a minute (block.confirm_within).");
    command->callback([options, id, &exit_code] { exit_code = confirm_case(*options, *id); });
}

void add_ack(CLI::App& app, int& exit_code) {
    auto* const command =
        app.add_subcommand("ack", "take care of a case for a while: nobody further is told of it");
    const auto options = add_common_options(*command);
    const auto id = std::make_shared<std::int64_t>(0);
    const auto lasts = std::make_shared<std::string>();
    const auto comment = std::make_shared<std::string>();
    command->add_option("CASE", *id, "its number")->required()->check(case_check());
    command->add_option("--for", *lasts, "how long: 15m, 2h; without it on_call.acknowledged_for")
        ->check(span_check());
    command->add_option("--comment", *comment, "why, for the audit trail");
    command->footer(
        "The case stays open. When the time is over it goes on with the steps of on_call where it stopped.\n"
        "Once more: for longer, or instead of somebody else.\n"
        "Example: garita ack 12 --for 1h");
    command->callback([options, id, lasts, comment, &exit_code] {
        exit_code = acknowledge_case(*options, *id, *lasts, *comment);
    });
}

}  // namespace

void add_case_commands(CLI::App& app, int& exit_code) {
    add_cases(app, exit_code);
    add_case(app, exit_code);
    add_decide(app, exit_code);
    add_confirm(app, exit_code);
    add_ack(app, exit_code);
}

}  // namespace garita::programs
