#include "decide/crowd_text.hpp"

#include <algorithm>
#include <vector>

namespace garita::decide {

std::string worst_lines(std::span<const Case> cases, std::size_t lines, const Reader& reader) {
    std::vector<const Case*> worst;
    for (const auto& about : cases)
        worst.push_back(&about);
    std::stable_sort(worst.begin(), worst.end(),
                     [](const Case* a, const Case* b) { return a->severity > b->severity; });
    worst.resize(std::min(worst.size(), lines));
    std::string text;
    for (const auto* about : worst)
        text += '\n' + case_line(*about, reader);
    return text;
}

}  // namespace garita::decide
