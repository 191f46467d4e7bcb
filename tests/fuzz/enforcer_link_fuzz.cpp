// Any bytes as a request to the enforcing part and as its answer. Invariants: nothing throws; what is taken
// is written again as the same bytes; an error has a text.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "adapters/enforcer_link/messages.hpp"

namespace {

namespace link = garita::enforcer_link;

void require(bool condition) {
    if (!condition) std::abort();
}

template <typename Value>
void check_answer(std::string_view bytes) {
    const auto answer = link::decode_answer<Value>(bytes);
    require(answer ? link::encode_answer(answer) == bytes
                   : bytes.empty() || answer.error().code <= garita::ErrorCode::full);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto request = link::decode_request(bytes);
    require(request ? link::encode(*request) == bytes : !request.error().text.empty());
    check_answer<void>(bytes);
    check_answer<link::Ready>(bytes);
    check_answer<garita::enforce::BatchResult>(bytes);
    check_answer<std::vector<garita::enforce::BlockEntry>>(bytes);
    check_answer<garita::enforce::Drift>(bytes);
    check_answer<garita::enforce::SessionClosed>(bytes);
    check_answer<std::optional<garita::detect::ProcessRef>>(bytes);
    check_answer<std::vector<garita::detect::SshSession>>(bytes);
    return 0;
}
