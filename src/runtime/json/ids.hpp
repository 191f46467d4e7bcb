#pragma once
// Ids in objects: absent means not stored yet.

#include "model/ids.hpp"
#include "runtime/json/reader.hpp"

namespace garita::runtime::json {

template <typename IdType>
[[nodiscard]] IdType read_id(Reader& in, std::string_view member) {
    return IdType{in.integer_or(member, 1, std::numeric_limits<std::int64_t>::max(), 0)};
}

}  // namespace garita::runtime::json
