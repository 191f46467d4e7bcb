#include <algorithm>
#include <limits>
#include <numeric>

#include "runtime/config/values.hpp"

namespace garita::runtime {

namespace {

/// Letters put in, left out, changed or swapped with their neighbour.
std::size_t slips(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before_last(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> current(b.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        current[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t changed = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            current[j] = std::min({changed, last[j] + 1, current[j - 1] + 1});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) current[j] = std::min(current[j], before_last[j - 2] + 1);
        }
        std::swap(before_last, last);
        std::swap(last, current);
    }
    return last[b.size()];
}

}  // namespace

std::string nearest_name(std::string_view text, const std::vector<std::string_view>& known) {
    constexpr std::size_t longest = 64;  // bounds the work on hostile input
    if (text.empty() || text.size() > longest) return {};
    std::string_view best;
    std::size_t fewest = std::numeric_limits<std::size_t>::max();
    for (const std::string_view name : known) {
        const std::size_t count = slips(text, name);
        if (count < fewest) {
            fewest = count;
            best = name;
        }
    }
    // a third of the letters wrong is still a slip, more is another word
    const std::size_t tolerated = std::max<std::size_t>(1, std::min(text.size(), best.size()) / 3);
    return !best.empty() && fewest <= tolerated ? std::string(best) : std::string();
}

}  // namespace garita::runtime
