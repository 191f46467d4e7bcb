#pragma once
// A Python file of settings, read and never run: assignments of literals at its outermost level.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace garita::programs {

/// None, a truth, a number, a text, or something else (a list, a dictionary) that is only known to be there.
struct PythonOther {
    friend bool operator==(PythonOther, PythonOther) = default;
};
using PythonValue = std::variant<std::monostate, bool, double, std::string, PythonOther>;

struct PythonSetting {
    std::string name;
    PythonValue value;  ///< of timedelta(hours=3): 3
    int line = 0;
};

struct PythonSettings {
    std::vector<PythonSetting> all;  ///< in their order; of a name that is assigned twice the last one counts
    std::vector<int> not_understood;  ///< lines of what is neither an assignment of a literal nor an import

    /// Null: it is not assigned.
    [[nodiscard]] const PythonSetting* find(std::string_view name) const;
};

/// Every byte is foreign; takes a time that grows with the text's length alone.
[[nodiscard]] PythonSettings read_python_settings(std::string_view text);

}  // namespace garita::programs
