#pragma once
// How the rules of one class are brought to a device by programs that are there already.

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "model/time.hpp"

namespace garita::command {

/// Words of programs, as text_template.hpp reads them. Either `add` and `remove`, one program for each entry,
/// or `batch` with its lines, one program for many. Every command has to be such that giving it again does
/// no harm: where the program complains about that, `fine` says how.
struct Settings {
    using Words = std::vector<std::string>;

    Words prepare{};  ///< makes what holds the entries; kept when it is there already
    Words add{};      ///< one entry; also of one that is there, unless `change` is given
    Words change{};   ///< the value of an entry that is there
    Words remove{};   ///< one entry
    Words clear{};    ///< all entries; empty: each is removed
    Words destroy{};  ///< what `prepare` made
    /// Says all entries, one a line. Empty: what the device really has is not known, and what others change
    /// there is never seen; after a start all is brought there again.
    Words list{};
    std::string listed{};   ///< pattern of such a line: (?P<ip>…) and so on
    Words count{};          ///< says how many there are, cheaply; empty: nobody else's changes are looked for
    std::string counted{};  ///< its first group is the number

    Words batch{};           ///< reads lines
    std::string add_line{};  ///< as `add`
    std::string change_line{};
    std::string remove_line{};
    /// A rebuild that nobody notices: these, then `swap_line` for each entry, then those behind. Empty: what
    /// differs is changed.
    Words swap_before{};
    std::string swap_line{};
    Words swap_behind{};

    std::map<std::string, std::string> names{};  ///< what {NAME} stands for
    std::vector<int> ok_codes{0};
    std::string fine{};         ///< pattern of error texts that are none, as "not found" of a removal
    std::string line_number{};  ///< pattern of error texts of `batch` whose first group is the line, from 1
    Duration limit = std::chrono::seconds(60);  ///< of one program
    std::size_t lines_at_once = 10'000;
};

}  // namespace garita::command
