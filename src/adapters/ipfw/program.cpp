#include "adapters/ipfw/program.hpp"

#include <algorithm>

namespace garita::ipfw {
namespace {

constexpr std::size_t longest_list = std::size_t{256} << 20U;
constexpr std::size_t longest_line = 4096;

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words)
        text.append(text.empty() ? "" : " ").append(word);
    return text;
}

}  // namespace

Result<runtime::CommandEnd> Program::run(std::vector<std::string> words, const runtime::OutputSink& output) {
    runtime::Command command{std::move(words)};
    command.limits.total = settings_.limit;
    command.limits.output = longest_list;
    auto end = runner_.run(command, output);
    if (end && end->how != runtime::CommandEnd::How::exited)
        return fail(ErrorCode::unavailable, joined(command.words) + " " + runtime::describe(*end),
                    Retry::later);
    return end;
}

Result<runtime::CommandEnd> Program::run(std::vector<std::string> words) {
    return run(std::move(words), {});
}

Result<void> Program::expect(std::vector<std::string> words, std::string_view fine) {
    const auto said = joined(words);
    const auto end = run(std::move(words), {});
    if (!end) return tl::unexpected(end.error());
    if (end->code == 0 || (!fine.empty() && end->errors.find(fine) != std::string::npos)) return {};
    return fail(ErrorCode::io, said + " " + runtime::describe(*end), Retry::later);
}

Result<void> Program::lines(std::vector<std::string> words,
                            const std::function<void(std::string_view)>& line) {
    const auto said = joined(words);
    std::string begun;
    const auto end = run(std::move(words), [&](std::string_view piece) {
        for (auto stop = piece.find('\n'); stop != std::string_view::npos; stop = piece.find('\n')) {
            line(begun.append(piece.substr(0, stop)));
            begun.clear();
            piece.remove_prefix(stop + 1);
        }
        begun.append(piece.substr(0, longest_line - std::min(longest_line, begun.size())));
    });
    if (!end) return tl::unexpected(end.error());
    if (end->code != 0) return fail(ErrorCode::io, said + " " + runtime::describe(*end), Retry::later);
    return {};
}

}  // namespace garita::ipfw
