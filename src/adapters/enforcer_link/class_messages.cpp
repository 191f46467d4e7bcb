#include "adapters/enforcer_link/class_messages.hpp"

#include "adapters/enforcer_link/fields.hpp"

namespace garita::enforcer_link {
namespace {

using enforce::ChangeFailure;
using enforce::ClassChange;

constexpr std::uint8_t calls = static_cast<std::uint8_t>(ClassCall::read_part) + 1;
constexpr std::size_t least_change = 4;  // an empty key and two absent values, and one byte more
constexpr std::size_t least_failure = 14;
constexpr std::size_t least_part = 12;

template <std::size_t capacity>
void put_packed(ByteWriter& out, const Packed<capacity>& packed) {
    out.number(static_cast<std::uint8_t>(packed.size()));
    out.raw(packed.bytes().data(), packed.size());
}

template <typename P>
P get_packed(ByteReader& in) {
    const auto bytes = in.raw(in.number<std::uint8_t>());
    P made;
    if (!made.append({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()})) in.wrong();
    return made;
}

void put_value(ByteWriter& out, const std::optional<RuleValue>& value) {
    out.number<std::uint8_t>(value ? 1 : 0);
    if (value) put_packed(out, *value);
}

std::optional<RuleValue> get_value(ByteReader& in) {
    if (in.choice(2) == 0) return std::nullopt;
    return get_packed<RuleValue>(in);
}

ByteWriter begin(ClassCall call, std::uint16_t index) {
    ByteWriter out;
    out.number(static_cast<std::uint8_t>(call));
    out.number(index);
    return out;
}

std::string with_number(ClassCall call, std::uint16_t index, std::size_t number) {
    auto out = begin(call, index);
    out.number(static_cast<std::uint64_t>(number));
    return out.take();
}

std::vector<ClassChange> get_changes(ByteReader& in) {
    const auto count = in.number<std::uint32_t>();
    std::vector<ClassChange> changes;
    if (count > in.left() / (least_change - 1)) {
        in.wrong();
        return changes;
    }
    changes.reserve(count);
    for (std::uint32_t i = 0; i < count && in.fine(); ++i) {
        const auto key = get_packed<RuleKey>(in);
        const auto before = get_value(in);
        changes.push_back({key, before, get_value(in)});
    }
    return changes;
}

tl::unexpected<Error> malformed(std::string_view what) {
    return fail(ErrorCode::invalid,
                "the two parts of the agent do not understand each other: malformed " + std::string(what));
}

}  // namespace

std::string encode_class_call(ClassCall call, std::uint16_t index) {
    return begin(call, index).take();
}

std::string encode_class_apply(std::uint16_t index, std::span<const ClassChange> changes) {
    auto out = begin(ClassCall::apply, index);
    out.number(static_cast<std::uint32_t>(changes.size()));
    for (const auto& change : changes) {
        put_packed(out, change.key);
        put_value(out, change.before);
        put_value(out, change.after);
    }
    return out.take();
}

std::string encode_class_rebuild(std::uint16_t index, const enforce::EntrySource& all, std::size_t count) {
    auto out = begin(ClassCall::rebuild, index);
    out.number(static_cast<std::uint64_t>(count));
    all([&](const RuleKey& key, const RuleValue& value) {
        put_packed(out, key);
        put_packed(out, value);
    });
    return out.take();
}

std::string encode_class_check(std::uint16_t index, std::size_t count) {
    return with_number(ClassCall::check, index, count);
}

std::string encode_class_read_part(std::uint16_t index, std::size_t part) {
    return with_number(ClassCall::read_part, index, part);
}

Result<ClassRequest> decode_class_request(std::string_view bytes) {
    ByteReader in(bytes);
    ClassRequest request;
    request.call = static_cast<ClassCall>(in.choice(calls));
    request.index = in.number<std::uint16_t>();
    if (request.call == ClassCall::apply) request.changes = get_changes(in);
    if (request.call == ClassCall::check || request.call == ClassCall::rebuild ||
        request.call == ClassCall::read_part)
        request.count = in.number<std::uint64_t>();
    if (request.call == ClassCall::rebuild && in.fine()) {
        request.entries = in.raw(in.left());
        std::uint64_t count = 0;
        if (!read_entries(request.entries, [&](const RuleKey&, const RuleValue&) { ++count; }) ||
            count != request.count)
            return malformed("request");
    }
    if (!in.complete()) return malformed("request");
    return request;
}

void EntryWriter::put(const RuleKey& key, const RuleValue& value) {
    put_packed(out_, key);
    put_packed(out_, value);
}

bool read_entries(std::string_view bytes, const enforce::EntrySink& sink) {
    ByteReader in(bytes);
    while (in.left() > 0) {
        const auto key = get_packed<RuleKey>(in);
        const auto value = get_packed<RuleValue>(in);
        if (!in.fine()) return false;
        sink(key, value);
    }
    return in.fine();
}

std::string encode_class_error(const Error& error) {
    ByteWriter out;
    out.number<std::uint8_t>(0);
    put(out, error);
    return out.take();
}

std::string encode_class_done(std::string_view body) {
    std::string out("\1");
    return out.append(body);
}

std::string encode_class_done(const std::vector<ChangeFailure>& failed) {
    ByteWriter out;
    out.number<std::uint8_t>(1);
    out.number(static_cast<std::uint32_t>(failed.size()));
    for (const auto& one : failed) {
        out.number(static_cast<std::uint64_t>(one.change));
        put(out, one.error);
    }
    return out.take();
}

std::string encode_class_done(enforce::Drift drift) {
    ByteWriter out;
    out.number<std::uint8_t>(1);
    put(out, drift);
    return out.take();
}

std::string encode_class_done(std::size_t number) {
    ByteWriter out;
    out.number<std::uint8_t>(1);
    out.number(static_cast<std::uint64_t>(number));
    return out.take();
}

std::string encode_class_done(const std::vector<ClassPart>& parts) {
    ByteWriter out;
    out.number<std::uint8_t>(1);
    out.number(static_cast<std::uint32_t>(parts.size()));
    for (const auto& part : parts) {
        out.number(static_cast<std::uint64_t>(part.batch_size));
        out.text(part.trouble);
    }
    return out.take();
}

Result<std::string_view> decode_class_answer(std::string_view bytes) {
    ByteReader in(bytes);
    if (in.choice(2) == 1) return bytes.substr(1);
    Error error;
    get(in, error);
    if (!in.complete()) return malformed("answer");
    return tl::unexpected(std::move(error));
}

Result<std::vector<ChangeFailure>> decode_failures(std::string_view body) {
    ByteReader in(body);
    const auto count = in.number<std::uint32_t>();
    if (count > in.left() / least_failure) return malformed("answer");
    std::vector<ChangeFailure> failed;
    for (std::uint32_t i = 0; i < count && in.fine(); ++i) {
        ChangeFailure one;
        one.change = in.number<std::uint64_t>();
        get(in, one.error);
        if (!failed.empty() && one.change <= failed.back().change) in.wrong();
        failed.push_back(std::move(one));
    }
    if (!in.complete()) return malformed("answer");
    return failed;
}

Result<enforce::Drift> decode_drift(std::string_view body) {
    ByteReader in(body);
    enforce::Drift drift{};
    get(in, drift);
    if (!in.complete()) return malformed("answer");
    return drift;
}

Result<std::size_t> decode_number(std::string_view body) {
    ByteReader in(body);
    const auto number = in.number<std::uint64_t>();
    if (!in.complete()) return malformed("answer");
    return number;
}

Result<std::vector<ClassPart>> decode_parts(std::string_view body) {
    ByteReader in(body);
    const auto count = in.number<std::uint32_t>();
    if (count > in.left() / least_part) return malformed("answer");
    std::vector<ClassPart> parts;
    for (std::uint32_t i = 0; i < count && in.fine(); ++i) {
        ClassPart part;
        part.batch_size = in.number<std::uint64_t>();
        part.trouble = in.text();
        if (part.batch_size == 0) in.wrong();
        parts.push_back(std::move(part));
    }
    if (!in.complete()) return malformed("answer");
    return parts;
}

}  // namespace garita::enforcer_link
