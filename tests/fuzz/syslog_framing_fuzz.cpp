// Any bytes as a stream of syslog, whole and byte by byte. Invariants: both give the same messages; none is
// longer than allowed; what is kept stays bounded.

#include <string>
#include <vector>

#include "adapters/syslog/framing.hpp"
#include "target.hpp"

namespace {

using namespace garita;
constexpr std::size_t longest = 32;

std::vector<std::string> read(std::string_view stream, std::size_t step) {
    syslog::Framing framing(longest);
    std::vector<std::string> messages;
    const auto sink = [&](std::string_view message) {
        fuzz::must(!message.empty() && message.size() <= longest);
        messages.emplace_back(message);
    };
    for (std::size_t at = 0; at < stream.size(); at += step) {
        if (framing.feed(stream.substr(at, step), sink) == syslog::Framing::State::broken) return messages;
        fuzz::must(framing.kept() <= longest + 8);
    }
    framing.end(sink);
    return messages;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto stream = fuzz::text_of(data, size);
    const auto whole = read(stream, std::max(stream.size(), std::size_t{1}));
    fuzz::must(whole == read(stream, 1));
    fuzz::must(whole == read(stream, 5));
    return 0;
}
