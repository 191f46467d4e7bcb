#include "adapters/enforcer_link/messages.hpp"

#include "adapters/enforcer_link/fields.hpp"

namespace garita::enforcer_link {
namespace {

template <typename Which, std::size_t index = 0>
constexpr std::uint8_t number_of() {
    if constexpr (std::is_same_v<std::variant_alternative_t<index, Request>, Which>)
        return index;
    else
        return number_of<Which, index + 1>();
}

struct PutBody {
    ByteWriter& out;

    void operator()(const Apply& body) const {
        put(out, body.add);
        put(out, body.remove);
        put(out, body.now);
    }
    void operator()(const Rebuild& body) const {
        put(out, body.all);
        put(out, body.now);
    }
    void operator()(const ReadBack& body) const { put(out, body.now); }
    void operator()(const Check& body) const { put(out, body.now); }
    void operator()(const CloseOne& body) const { put(out, body.session); }
    void operator()(const FindSession& body) const {
        put(out, body.connection.remote);
        out.number(body.connection.remote_port);
        out.number(body.connection.local_port);
    }
    void operator()(const FindProcess& body) const { out.number(body.pid); }
    template <typename Empty>
    void operator()(const Empty&) const {
        static_assert(std::is_empty_v<Empty>);
    }
};

struct GetBody {
    ByteReader& in;

    void operator()(Apply& body) const {
        get(in, body.add);
        get(in, body.remove);
        get(in, body.now);
    }
    void operator()(Rebuild& body) const {
        get(in, body.all);
        get(in, body.now);
    }
    void operator()(ReadBack& body) const { get(in, body.now); }
    void operator()(Check& body) const { get(in, body.now); }
    void operator()(CloseOne& body) const { get(in, body.session); }
    void operator()(FindSession& body) const {
        get(in, body.connection.remote);
        body.connection.remote_port = in.number<std::uint16_t>();
        body.connection.local_port = in.number<std::uint16_t>();
    }
    void operator()(FindProcess& body) const { body.pid = in.number<std::int32_t>(); }
    template <typename Empty>
    void operator()(Empty&) const {
        static_assert(std::is_empty_v<Empty>);
    }
};

template <std::size_t... index>
Request request_of(std::uint8_t number, std::index_sequence<index...>) {
    Request request;
    ((number == index ? void(request.emplace<index>()) : void()), ...);
    return request;
}

template <typename Value>
std::string answer_with(const Result<Value>& answer) {
    ByteWriter out;
    out.number<std::uint8_t>(answer ? 1 : 0);
    if (!answer) {
        put(out, answer.error());
        return out.take();
    }
    if constexpr (!std::is_void_v<Value>) put(out, *answer);
    return out.take();
}

tl::unexpected<Error> malformed(std::string_view what) {
    return fail(ErrorCode::invalid,
                "the two parts of the agent do not understand each other: malformed " + std::string(what));
}

}  // namespace

std::string encode(const Request& request) {
    ByteWriter out;
    out.number(static_cast<std::uint8_t>(request.index()));
    std::visit(PutBody{out}, request);
    return out.take();
}

std::string encode_apply(std::span<const enforce::BlockEntry> add, std::span<const IpNetwork> remove,
                         Time now) {
    ByteWriter out;
    out.number(number_of<Apply>());
    put(out, add);
    put(out, remove);
    put(out, now);
    return out.take();
}

std::string encode_rebuild(std::span<const enforce::BlockEntry> all, Time now) {
    ByteWriter out;
    out.number(number_of<Rebuild>());
    put(out, all);
    put(out, now);
    return out.take();
}

Result<Request> decode_request(std::string_view bytes) {
    constexpr auto kinds = std::variant_size_v<Request>;
    ByteReader in(bytes);
    auto request = request_of(in.choice(kinds), std::make_index_sequence<kinds>());
    std::visit(GetBody{in}, request);
    if (!in.complete()) return malformed("request");
    return request;
}

std::string encode_answer(const Result<Ready>& answer) {
    return answer_with(answer);
}
std::string encode_answer(const Result<void>& answer) {
    return answer_with(answer);
}
std::string encode_answer(const Result<enforce::BatchResult>& answer) {
    return answer_with(answer);
}
std::string encode_answer(const Result<std::vector<enforce::BlockEntry>>& answer) {
    return answer_with(answer);
}
std::string encode_answer(const Result<enforce::Drift>& answer) {
    return answer_with(answer);
}
std::string encode_answer(const Result<enforce::SessionClosed>& answer) {
    return answer_with(answer);
}
std::string encode_answer(const Result<std::optional<detect::ProcessRef>>& answer) {
    return answer_with(answer);
}
std::string encode_answer(const Result<std::vector<detect::SshSession>>& answer) {
    return answer_with(answer);
}

template <typename Value>
Result<Value> decode_answer(std::string_view bytes) {
    ByteReader in(bytes);
    if (in.choice(2) == 0) {
        Error error;
        get(in, error);
        if (!in.complete()) return malformed("answer");
        return tl::unexpected(std::move(error));
    }
    if constexpr (std::is_void_v<Value>) {
        if (!in.complete()) return malformed("answer");
        return {};
    } else {
        Value value{};
        get(in, value);
        if (!in.complete()) return malformed("answer");
        return value;
    }
}

template Result<Ready> decode_answer<Ready>(std::string_view);
template Result<void> decode_answer<void>(std::string_view);
template Result<enforce::BatchResult> decode_answer<enforce::BatchResult>(std::string_view);
template Result<std::vector<enforce::BlockEntry>> decode_answer<std::vector<enforce::BlockEntry>>(
    std::string_view);
template Result<enforce::Drift> decode_answer<enforce::Drift>(std::string_view);
template Result<enforce::SessionClosed> decode_answer<enforce::SessionClosed>(std::string_view);
template Result<std::optional<detect::ProcessRef>> decode_answer<std::optional<detect::ProcessRef>>(
    std::string_view);
template Result<std::vector<detect::SshSession>> decode_answer<std::vector<detect::SshSession>>(
    std::string_view);

}  // namespace garita::enforcer_link
