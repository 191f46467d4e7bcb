// garita rules import: a file of comma separated values in pieces that suit the hub.

#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <unistd.h>

#include <fmt/format.h>

#include "programs/cli/device_rules.hpp"
#include "programs/cli/terminal.hpp"
#include "runtime/json/writer.hpp"

namespace garita::programs {
namespace json = runtime::json;
namespace {

constexpr std::size_t lines_in_piece = 5000;

struct ImportArguments {
    std::string file;
    std::string comment;
    std::string lasts;
    bool partial = false;
};

struct Piece {
    std::string_view lines;
    std::size_t before = 0;  ///< lines of the file before it, without the heading
    std::size_t count = 0;
};

Result<std::string> read_file(const std::string& name) {
    if (name == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
    std::ifstream in(name, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(in), {});
    if (!in.is_open() || in.bad()) return fail(ErrorCode::io, name + ": cannot be read");
    return text;
}

/// The heading goes with each piece.
std::vector<Piece> divide(std::string_view text, std::string_view& heading) {
    const auto first = text.find('\n');
    heading = text.substr(0, first);
    text.remove_prefix(first == std::string_view::npos ? text.size() : first + 1);
    std::vector<Piece> pieces;
    for (std::size_t before = 0; !text.empty();) {
        Piece piece{text, before, 0};
        std::size_t size = 0;
        while (size < text.size() && piece.count < lines_in_piece) {
            const auto end = text.find('\n', size);
            size = end == std::string_view::npos ? text.size() : end + 1;
            ++piece.count;
        }
        piece.lines = text.substr(0, size);
        before += piece.count;
        text.remove_prefix(size);
        pieces.push_back(piece);
    }
    return pieces;
}

class Import {
  public:
    Import(const CommandOptions& options, const ImportArguments& arguments)
        : options_(options), arguments_(arguments), hub_(options.socket) {}

    int run() {
        const auto text = read_file(arguments_.file);
        if (!text) return report_failure(text.error());
        pieces_ = divide(*text, heading_);
        for (const auto& piece : pieces_)
            lines_ += piece.count;
        // one piece is all or nothing by itself
        if (!arguments_.partial && pieces_.size() > 1) {
            if (const auto checked = send_all("checked", "&check=true&partial=true"); !checked)
                return report_failure(checked.error());
            if (!sum_.refused.empty()) return tell();
            sum_ = {};
        }
        const auto sent = send_all("imported", arguments_.partial ? "&partial=true" : "");
        if (!sent) return report_cut_off(sent.error());
        return tell();
    }

  private:
    /// What went before stands; doing it again harms nothing.
    int report_cut_off(Error error) const {
        if (sum_.changed > 0)
            error.text += fmt::format("\n{} rules were changed before; the same command again does the rest",
                                      sum_.changed);
        return report_failure(error);
    }

    Result<void> send_all(std::string_view word, std::string_view query) {
        for (const auto& piece : pieces_) {
            show_progress(word, piece.before);
            const auto answer = send(piece, query);
            if (!answer) return clear_progress(), tl::unexpected(answer.error());
            sum_.carried_out = answer->carried_out;
            sum_.changed += answer->changed;
            sum_.unchanged += answer->unchanged;
            for (auto refused : answer->refused) {
                refused.row += static_cast<std::int64_t>(piece.before);
                sum_.refused.push_back(std::move(refused));
            }
            if (!answer->carried_out) break;
        }
        clear_progress();
        return {};
    }

    Result<DeviceRulesChanged> send(const Piece& piece, std::string_view query) {
        auto target =
            fmt::format("/api/v1/devices/rules?comment={}{}", percent_encode(arguments_.comment), query);
        if (!arguments_.lasts.empty()) target += "&for=" + percent_encode(arguments_.lasts);
        std::string body(heading_);
        body.append("\n").append(piece.lines);
        const auto answer = hub_.exchange(runtime::http::Method::post, target, "text/csv", body);
        if (!answer) return tl::unexpected(answer.error());
        return read_device_rules_changed(answer->status, answer->body);
    }

    void show_progress(std::string_view word, std::size_t done) const {
        if (isatty(STDERR_FILENO) == 0 || lines_ <= lines_in_piece) return;
        const auto line =
            fmt::format("\r{:3} %  {} of {} lines {} ", done * 100 / lines_, done, lines_, word);
        std::fwrite(line.data(), 1, line.size(), stderr);
    }
    void clear_progress() const {
        if (isatty(STDERR_FILENO) != 0 && lines_ > lines_in_piece) std::fputs("\r\x1b[K", stderr);
    }

    int tell() const {
        if (options_.json) {
            boost::json::array refused;
            for (const auto& one : sum_.refused)
                refused.push_back(json::Writer().number("line", one.row).text("error", one.why).finish());
            print(json::serialize(json::Writer()
                                      .number("changed", sum_.changed)
                                      .number("unchanged", sum_.unchanged)
                                      .value("refused", std::move(refused))
                                      .finish()) +
                  "\n");
        } else {
            for (const auto& one : sum_.refused)
                (void)report_failure({ErrorCode::invalid,
                                      fmt::format("{}:{}: {}", arguments_.file, one.row, one.why),
                                      Retry::no});
            const bool nothing = !sum_.refused.empty() && !arguments_.partial;
            print(nothing
                      ? fmt::format(
                            "{} of {} lines are refused; nothing was changed. --partial does the rest.\n",
                            sum_.refused.size(), lines_)
                      : fmt::format(
                            "{} changed, {} were so already{}\n", sum_.changed, sum_.unchanged,
                            sum_.refused.empty() ? "" : fmt::format(", {} refused", sum_.refused.size())));
        }
        return sum_.refused.empty() ? 0 : 1;
    }

    const CommandOptions& options_;
    const ImportArguments& arguments_;
    HubConnection hub_;
    std::string_view heading_;
    std::vector<Piece> pieces_;
    std::size_t lines_ = 0;
    DeviceRulesChanged sum_;
};

}  // namespace

void add_rule_import(CLI::App& rules, int& exit_code) {
    auto* const command =
        rules.add_subcommand("import", "set rules of devices from a file, a million if need be");
    const auto options = add_common_options(*command);
    const auto arguments = std::make_shared<ImportArguments>();
    command->add_option("FILE", arguments->file, "comma separated values; - reads standard input")
        ->required();
    command->add_flag("--partial", arguments->partial, "leave out the lines that are refused, do the rest");
    command->add_option("--for", arguments->lasts, "how long: 90s, 15m, 24h, 7d; without an end otherwise")
        ->check(span_check());
    command->add_option("--comment", arguments->comment, "why, for history and audit trail");
    command->footer(
        "The first line names the columns: device,rule,params,value. Without a device: all that have the "
        "rule.\n"
        "Without a value: the rule is taken away. Without --partial one refused line keeps all others out.");
    command->callback([options, arguments, &exit_code] { exit_code = Import(*options, *arguments).run(); });
}

}  // namespace garita::programs
