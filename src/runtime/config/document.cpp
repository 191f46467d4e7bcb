#include "runtime/config/document.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <tuple>

#include <sys/stat.h>
#include <system_error>

#include "runtime/config/checker.hpp"
#include "runtime/config/values.hpp"
#include "runtime/config/yaml_reader.hpp"
#include "runtime/log/log.hpp"

namespace garita::runtime {

namespace {

Problem about_file(std::string what, std::string allowed = {}) {
    Problem problem;
    problem.what = std::move(what);
    problem.allowed = std::move(allowed);
    return problem;
}

/// By its top-level key; says what is wrong where there is none or both.
std::optional<FileKind> recognise(const Node& root, std::vector<Problem>& problems) {
    const bool hub = root.find("hub") != nullptr;
    const bool agent = root.find("agent") != nullptr;
    if (hub && agent) {
        problems.push_back(about_file("both `hub` and `agent`: each has a file of its own"));
        problems.back().position = root.position;
        return std::nullopt;
    }
    if (hub || agent) return hub ? FileKind::hub : FileKind::agent;
    Problem problem = about_file("neither a hub's file nor an agent's", "a top-level key `hub` or `agent`");
    problem.position = root.position;
    for (const Node::Entry& entry : root.entries) {
        problem.nearest = nearest_name(entry.key, {"hub", "agent"});
        if (problem.nearest.empty()) continue;
        problem.position = entry.position;
        break;
    }
    problems.push_back(std::move(problem));
    return std::nullopt;
}

/// Places of secrets that are written in the file itself.
void find_inlined(const Node& node, const Shape& shape, std::string path, std::vector<Problem>& found) {
    if (shape.is_leaf() && shape.setting != nullptr && shape.setting->type == ValueType::secret &&
        node.kind == Node::Kind::scalar)
        found.push_back({Problem::Weight::warning, node.position, std::move(path), "", "", ""});
    else
        for (const Node::Entry& entry : node.entries)
            if (const Shape* child = shape.find(entry.key))
                find_inlined(entry.value, *child, path.empty() ? entry.key : path + '.' + entry.key, found);
}

void warn_of_readers(const std::string& file, const Node& root, const Shape& shape,
                     std::vector<Problem>& problems) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0 || (status.st_mode & S_IROTH) == 0) return;
    std::vector<Problem> found;
    find_inlined(root, shape, "", found);
    for (Problem& problem : found) {
        problem.what = "a secret in a file that everybody may read";
        problem.allowed = "chmod o= " + escape_foreign(file) + ", or {file: PATH}";
        problems.push_back(std::move(problem));
    }
}

bool is_error(const Problem& problem) {
    return problem.weight == Problem::Weight::error;
}

/// What is about the file as a whole comes last.
void sort_by_place(std::vector<Problem>& problems) {
    const auto place = [](const Problem& problem) {
        return std::tuple(problem.position.line == 0, problem.position.line, problem.position.column);
    };
    std::stable_sort(problems.begin(), problems.end(),
                     [&](const Problem& a, const Problem& b) { return place(a) < place(b); });
}

/// A file that is wrong everywhere is not made better by a list of everything.
void keep_the_first(std::vector<Problem>& problems) {
    constexpr std::size_t most = 200;
    if (problems.size() <= most) return;
    Problem rest = about_file("and " + std::to_string(problems.size() - most) + " more");
    rest.weight = std::any_of(problems.begin() + most, problems.end(), is_error) ? Problem::Weight::error
                                                                                 : Problem::Weight::warning;
    problems.resize(most);
    problems.push_back(std::move(rest));
}

}  // namespace

std::string_view to_string(FileKind kind) {
    return kind == FileKind::hub ? "hub" : "agent";
}

std::string Problem::text(std::string_view file) const {
    std::string out(file);
    if (position.line > 0) out += ':' + std::to_string(position.line) + ':' + std::to_string(position.column);
    out += ": ";
    if (weight == Weight::warning) out += "warning: ";
    if (!path.empty()) out += escape_foreign(path, 200) + ": ";
    out += what;
    if (!allowed.empty()) out += "; allowed: " + allowed;
    if (!nearest.empty()) out += "; did you mean '" + nearest + "'?";
    return out;
}

Document Document::parse(std::string_view text, std::string name, Outside outside) {
    Document document;
    document.name_ = std::move(name);
    YamlTree tree = read_yaml(text);
    document.root_ = std::move(tree.root);
    document.problems_ = std::move(tree.problems);
    if (tree.complete) document.kind_ = recognise(document.root_, document.problems_);
    if (document.kind_) {
        check_shape(document.root_, shape_of(*document.kind_), outside, document.problems_);
        if (*document.kind_ == FileKind::hub)
            check_hub_rules(document.root_, document.problems_);
        else
            check_agent_rules(document.root_, document.problems_);
    }
    sort_by_place(document.problems_);
    keep_the_first(document.problems_);
    return document;
}

Document Document::read(const std::filesystem::path& file) {
    const auto unreadable = [&](const std::string& why) {
        Document document;
        document.name_ = file.string();
        document.problems_.push_back(about_file("cannot be read: " + why));
        return document;
    };
    std::error_code trouble;
    const auto kind = std::filesystem::status(file, trouble).type();
    if (kind == std::filesystem::file_type::directory) return unreadable("it is a folder");
    errno = 0;
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return unreadable(std::generic_category().message(errno == 0 ? EIO : errno));
    std::string text(max_bytes + 1, '\0');  // one more than allowed shows that there is too much
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (stream.bad()) return unreadable("reading failed");
    text.resize(static_cast<std::size_t>(stream.gcount()));
    Document document = parse(text, file.string(), Outside::look);
    wipe(text);
    if (document.kind_) {
        warn_of_readers(document.name_, document.root_, shape_of(*document.kind_), document.problems_);
        sort_by_place(document.problems_);
    }
    return document;
}

void Document::add(std::vector<Problem> problems) {
    problems_.insert(problems_.end(), std::make_move_iterator(problems.begin()),
                     std::make_move_iterator(problems.end()));
}

bool Document::fine() const {
    return std::none_of(problems_.begin(), problems_.end(), is_error);
}

std::vector<std::string> Document::texts(Problem::Weight weight) const {
    std::vector<std::string> result;
    for (const Problem& problem : problems_)
        if (problem.weight == weight) result.push_back(problem.text(name_));
    return result;
}

}  // namespace garita::runtime
