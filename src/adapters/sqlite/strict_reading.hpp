#pragma once
// Columns whose text has to be of a form: whoever reads one gets the value, or the call ends in a Failure.

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "adapters/sqlite/connection.hpp"
#include "adapters/sqlite/failure.hpp"

namespace garita::sqlite {

/// A row that this program cannot have written: the file is damaged, or a person edited it.
[[noreturn]] void damaged(std::string_view what, std::string_view text);

template <typename T>
[[nodiscard]] T must(std::optional<T> parsed, std::string_view what, std::string_view text) {
    if (!parsed) damaged(what, text);
    return *std::move(parsed);
}

template <typename T>
[[nodiscard]] T must(Result<T> parsed, std::string_view what, std::string_view text) {
    if (!parsed) damaged(what, text);
    return *std::move(parsed);
}

template <typename Parse>
[[nodiscard]] auto word(const Statement& row, int column, Parse parse, std::string_view what) {
    return must(parse(row.view(column)), what, row.view(column));
}

}  // namespace garita::sqlite
