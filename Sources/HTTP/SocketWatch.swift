import CCurl
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The sockets that libcurl wants to hear of, and a way for other threads to end the wait for them.
///
/// Not `Sendable`, but for its `Waker`: it never leaves the loop's thread.
struct SocketWatch: ~Copyable {
  /// What a socket is ready for: libcurl's `CURL_CSELECT_…`, added up; 0 where libcurl is to look.
  struct Ready {
    var socket: curl_socket_t
    var mask: Int32
  }

  let waker: Waker
  /// The waker's first.
  private var watched: [pollfd]

  init?() {
    guard let waker = Waker() else { return nil }
    self.waker = waker
    watched = [pollfd(fd: waker.reading, events: Int16(POLLIN), revents: 0)]
  }

  /// - Parameter what: `CURL_POLL_IN`, `_OUT`, `_INOUT`, `_REMOVE` or `_NONE`.
  mutating func set(_ socket: curl_socket_t, _ what: Int32) {
    let place = watched.dropFirst().firstIndex { $0.fd == socket }
    var events: Int16 = 0
    switch what {
    case CURL_POLL_IN: events = Int16(POLLIN)
    case CURL_POLL_OUT: events = Int16(POLLOUT)
    case CURL_POLL_INOUT: events = Int16(POLLIN | POLLOUT)
    default:
      if let place { watched.remove(at: place) }
      return
    }
    if let place {
      watched[place].events = events
    } else {
      watched.append(pollfd(fd: socket, events: events, revents: 0))
    }
  }

  /// Waits for a socket, for the waker or for so many milliseconds; -1 waits for ever.
  mutating func wait(_ milliseconds: Int32) -> [Ready] {
    guard poll(&watched, nfds_t(watched.count), milliseconds) > 0 else { return [] }
    if watched[0].revents != 0 { waker.rest() }
    return watched.dropFirst().compactMap { entry in
      func has(_ bits: Int32) -> Bool { Int32(entry.revents) & bits != 0 }
      guard entry.revents != 0 else { return nil }
      // What is wrong with a socket libcurl finds out by itself.
      guard !has(POLLERR | POLLHUP | POLLNVAL) else { return Ready(socket: entry.fd, mask: 0) }
      return Ready(socket: entry.fd, mask: (has(POLLIN) ? CURL_CSELECT_IN : 0) | (has(POLLOUT) ? CURL_CSELECT_OUT : 0))
    }
  }

  /// A pipe whose reading end is waited on.
  final class Waker: Sendable {
    let reading: Int32
    private let writing: Int32

    fileprivate init?() {
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0 else { return nil }
      for end in ends {
        _ = fcntl(end, F_SETFL, O_NONBLOCK)
        _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      }
      (reading, writing) = (ends[0], ends[1])
    }

    deinit {
      close(reading)
      close(writing)
    }

    /// Ends the wait under way, or the next one. A pipe that is full has woken it already.
    func wake() {
      var byte: UInt8 = 1
      _ = write(writing, &byte, 1)
    }

    fileprivate func rest() {
      var bytes = [UInt8](repeating: 0, count: 64)
      while read(reading, &bytes, bytes.count) == bytes.count {}
    }
  }
}
