#pragma once
// What the agent's main part asks of the backends of its classes of rules, which live in a part with
// privileges: requests that correspond to calls of enforce::ClassBackend, and their answers. Pure and
// bounded. A class is named by its place among those of the agent's configuration, as it was before the
// split.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/enforcer_link/bytes.hpp"
#include "enforce/class_backend.hpp"

namespace garita::enforcer_link {

enum class ClassCall : std::uint8_t {
    describe,
    prepare,
    apply,
    read,
    rebuild,
    check,
    remove_all,
    parts,
    read_part
};

/// What never changes of a backend; the error is why there is none.
struct ClassPart {
    std::size_t batch_size = 1;
    std::string trouble;
};

[[nodiscard]] std::string encode_class_call(ClassCall call, std::uint16_t index);
[[nodiscard]] std::string encode_class_apply(std::uint16_t index,
                                             std::span<const enforce::ClassChange> changes);
[[nodiscard]] std::string encode_class_rebuild(std::uint16_t index, const enforce::EntrySource& all,
                                               std::size_t count);
[[nodiscard]] std::string encode_class_check(std::uint16_t index, std::size_t count);
[[nodiscard]] std::string encode_class_read_part(std::uint16_t index, std::size_t part);

/// One request, read from its bytes as far as it goes; the entries of a rebuild stay where they are.
struct ClassRequest {
    ClassCall call = ClassCall::describe;
    std::uint16_t index = 0;
    std::vector<enforce::ClassChange> changes;
    std::uint64_t count = 0;   ///< of check and rebuild; of read_part: which
    std::string_view entries;  ///< of a rebuild; they have been looked through
};
/// invalid: not what the functions above make. Looks into `bytes`.
[[nodiscard]] Result<ClassRequest> decode_class_request(std::string_view bytes);

class EntryWriter {
  public:
    void put(const RuleKey& key, const RuleValue& value);
    [[nodiscard]] std::string take() { return out_.take(); }

  private:
    ByteWriter out_;
};
/// False: they are not such entries; the sink may have had some.
bool read_entries(std::string_view bytes, const enforce::EntrySink& sink);

[[nodiscard]] std::string encode_class_error(const Error& error);
[[nodiscard]] std::string encode_class_done(std::string_view body = {});
[[nodiscard]] std::string encode_class_done(const std::vector<enforce::ChangeFailure>& failed);
[[nodiscard]] std::string encode_class_done(enforce::Drift drift);
[[nodiscard]] std::string encode_class_done(std::size_t number);
[[nodiscard]] std::string encode_class_done(const std::vector<ClassPart>& parts);

/// What stands in an answer after its success; the error is that of the call, or `invalid`. Looks into
/// `bytes`.
[[nodiscard]] Result<std::string_view> decode_class_answer(std::string_view bytes);
[[nodiscard]] Result<std::vector<enforce::ChangeFailure>> decode_failures(std::string_view body);
[[nodiscard]] Result<enforce::Drift> decode_drift(std::string_view body);
[[nodiscard]] Result<std::size_t> decode_number(std::string_view body);
[[nodiscard]] Result<std::vector<ClassPart>> decode_parts(std::string_view body);

}  // namespace garita::enforcer_link
