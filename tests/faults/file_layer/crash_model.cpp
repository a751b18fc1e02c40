#include "tests/faults/file_layer/crash_model.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace mailroom::faults {
namespace {

using Kind = FileOperation::Kind;

constexpr std::size_t kBlock = 4096;

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

bool coin(std::mt19937_64& random) {
  return (random() & 1U) != 0;
}

void put(Bytes& file, std::size_t at, const Bytes& bytes, std::size_t from, std::size_t size) {
  if (file.size() < at + size) file.resize(at + size);
  std::copy_n(bytes.begin() + std::ptrdiff_t(from), size, file.begin() + std::ptrdiff_t(at));
}

void put_random_blocks(Bytes& file, std::size_t at, const Bytes& bytes, std::mt19937_64& random) {
  for (std::size_t done = 0; done < bytes.size();) {
    const std::size_t size = std::min(bytes.size() - done, kBlock - (at + done) % kBlock);
    if (coin(random)) put(file, at + done, bytes, done, size);
    done += size;
  }
}

void write_file(const std::filesystem::path& path, const Bytes& bytes) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
  const bool written = fd >= 0 && ::write(fd, bytes.data(), bytes.size()) == ssize_t(bytes.size());
  if (fd >= 0) ::close(fd);
  if (!written) throw std::runtime_error("the image of a power cut cannot be written to " + path.string());
}

}  // namespace

const char* name_of(Survival survival) {
  switch (survival) {
    case Survival::nothing: return "nothing";
    case Survival::everything: return "everything";
    case Survival::names_only: return "names only";
    case Survival::bytes_only: return "bytes only";
    case Survival::torn: return "torn";
    case Survival::random: return "random";
  }
  return "";
}

void CrashModel::move_folder(Names& names, const std::string& from, const std::string& to) {
  Names moved;
  for (const auto& [path, node] : names) {
    const bool inside = path == from || path.starts_with(from + "/");
    moved[inside ? to + path.substr(from.size()) : path] = node;
  }
  names = std::move(moved);
}

void CrashModel::apply_to(Names& names, const NameChange& change) {
  if (!change.moved.empty()) return move_folder(names, change.moved, change.there);
  if (!change.gone.empty() && (change.needs.empty() || names.contains(change.needs)))
    names.erase(change.gone);
  if (!change.there.empty()) names[change.there] = change.node;
}

void CrashModel::change_name(const std::string& folder, NameChange change) {
  pending_[folder].push_back(std::move(change));
}

/// What is not synced in the folder yet goes with it.
void CrashModel::rename_folder(const std::string& from, const std::string& to) {
  std::map<std::string, std::vector<NameChange>> pending;
  const auto moved = [&](const std::string& path) {
    return path == from || path.starts_with(from + "/") ? to + path.substr(from.size()) : path;
  };
  for (auto& [folder, changes] : pending_) {
    for (NameChange& change : changes) {
      if (folder != moved(folder)) {
        change.gone = moved(change.gone);
        change.there = moved(change.there);
      }
      pending[moved(folder)].push_back(std::move(change));
    }
  }
  pending_ = std::move(pending);
  change_name(folder_of(to), {"", to, {true, 0}, "", from});
}

void CrashModel::apply(const FileOperation& operation) {
  File& file = files_[operation.file];
  const std::string folder = folder_of(operation.path);
  switch (operation.kind) {
    case Kind::create: return change_name(folder, {"", operation.path, {false, operation.file}, "", ""});
    case Kind::make_folder: return change_name(folder, {"", operation.path, {true, 0}, "", ""});
    case Kind::unlink:
    case Kind::remove_folder: return change_name(folder, {operation.path, "", {}, "", ""});
    case Kind::rename_folder: return rename_folder(operation.path, operation.target);
    case Kind::rename: {
      const std::string target = folder_of(operation.target);
      const Node node{false, operation.file};
      if (target == folder) return change_name(folder, {operation.path, operation.target, node, "", ""});
      change_name(target, {"", operation.target, node, "", ""});
      return change_name(folder, {operation.path, "", {}, operation.target, ""});
    }
    case Kind::write:
      last_written_ = &operation.bytes;
      return file.pending.push_back({false, operation.offset, &operation.bytes});
    case Kind::resize: return file.pending.push_back({true, operation.offset, nullptr});
    case Kind::sync:
      for (const Change& change : file.pending) {
        if (change.resize) {
          file.durable.resize(change.at);
        } else {
          put(file.durable, change.at, *change.bytes, 0, change.bytes->size());
        }
      }
      return file.pending.clear();
    case Kind::sync_folder:
      for (const NameChange& change : pending_[operation.path]) apply_to(durable_, change);
      pending_.erase(operation.path);
      return;
  }
}

CrashModel::Names CrashModel::surviving_names(Survival survival, std::mt19937_64& random) const {
  Names names = durable_;
  const bool none = survival == Survival::nothing || survival == Survival::bytes_only;
  if (none) return names;
  std::vector<const NameChange*> second;  // those that wait for a name in another folder
  for (const auto& [folder, changes] : pending_) {
    const std::size_t kept = survival == Survival::random ? random() % (changes.size() + 1) : changes.size();
    for (std::size_t i = 0; i < kept; ++i) {
      if (changes[i].needs.empty()) {
        apply_to(names, changes[i]);
      } else {
        second.push_back(&changes[i]);
      }
    }
  }
  for (const NameChange* change : second) apply_to(names, *change);
  return names;
}

Bytes CrashModel::surviving_bytes(const File& file, Survival survival, const Bytes* last,
                                  std::mt19937_64& random) {
  Bytes bytes = file.durable;
  if (survival == Survival::nothing || survival == Survival::names_only) return bytes;
  for (const Change& change : file.pending) {
    if (change.resize) {
      if (survival != Survival::random || coin(random)) bytes.resize(change.at);
    } else if (survival == Survival::random) {
      put_random_blocks(bytes, change.at, *change.bytes, random);
    } else {
      const bool half = survival == Survival::torn && change.bytes == last;
      put(bytes, change.at, *change.bytes, 0, change.bytes->size() / (half ? 2 : 1));
    }
  }
  return bytes;
}

void CrashModel::write_image(const std::filesystem::path& folder, Survival survival,
                             std::mt19937_64& random) const {
  const Names names = surviving_names(survival, random);
  for (const auto& [path, node] : names) {  // a folder sorts before what is in it
    const std::string parent = folder_of(path);
    if (!parent.empty() && !std::filesystem::is_directory(folder / parent)) continue;
    if (node.folder) {
      std::filesystem::create_directory(folder / path);
    } else {
      write_file(folder / path, surviving_bytes(files_.at(node.file), survival, last_written_, random));
    }
  }
}

}  // namespace mailroom::faults
