// Any bytes as a request to the enforcing part and as its answer. Invariants: nothing throws; what is taken
// is written again as the same bytes; an error has a text.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "adapters/enforcer_link/class_messages.hpp"
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

/// What is taken of a request about a class is written again as the same bytes.
void check_class(std::string_view bytes) {
    using link::ClassCall;
    const auto request = link::decode_class_request(bytes);
    if (!request) return require(!request.error().text.empty());
    const auto entries = [&](const garita::enforce::EntrySink& sink) {
        require(link::read_entries(request->entries, sink));
    };
    switch (request->call) {
        case ClassCall::apply:
            return require(link::encode_class_apply(request->index, request->changes) == bytes);
        case ClassCall::rebuild:
            return require(link::encode_class_rebuild(request->index, entries, request->count) == bytes);
        case ClassCall::check:
            return require(link::encode_class_check(request->index, request->count) == bytes);
        case ClassCall::read_part:
            return require(link::encode_class_read_part(request->index, request->count) == bytes);
        default:
            return require(link::encode_class_call(request->call, request->index) == bytes);
    }
}

void check_class_answer(std::string_view bytes) {
    const auto body = link::decode_class_answer(bytes);
    if (!body) return require(body.error().code <= garita::ErrorCode::full);
    if (const auto failed = link::decode_failures(*body)) require(link::encode_class_done(*failed) == bytes);
    if (const auto drift = link::decode_drift(*body)) require(link::encode_class_done(*drift) == bytes);
    if (const auto number = link::decode_number(*body)) require(link::encode_class_done(*number) == bytes);
    if (const auto parts = link::decode_parts(*body)) require(link::encode_class_done(*parts) == bytes);
    link::EntryWriter again;
    if (link::read_entries(*body, [&](const auto& key, const auto& value) { again.put(key, value); }))
        require(again.take() == *body);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto request = link::decode_request(bytes);
    require(request ? link::encode(*request) == bytes : !request.error().text.empty());
    check_class(bytes);
    check_class_answer(bytes);
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
