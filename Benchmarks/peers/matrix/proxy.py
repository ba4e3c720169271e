"""A connection that goes wrong on demand: a TCP proxy between a bot and its homeserver."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading

CHUNK = 1 << 16


class FaultyProxy:
    """Hands bytes on, in both directions, until it is told to break."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._loop = asyncio.new_event_loop()
        self._writers: set[asyncio.StreamWriter] = set()
        self._dead: set[asyncio.StreamWriter] = set()
        # Told from other threads, read by the loop: single flags, nothing that hangs together.
        self._refuses = False
        self._stalls = False
        self._swallows = False
        self.port = 0
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        ready.wait()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    # What goes wrong

    def reset(self) -> None:
        """All connections that there are end at once, in mid-sentence."""
        self._loop.call_soon_threadsafe(self._reset)

    def refuse(self) -> None:
        """Nobody is there, until `mend`."""
        self._refuses = True
        self.reset()

    def stall(self) -> None:
        """Connections stay, and nothing comes through, until `mend`."""
        self._stalls = True

    def swallow(self) -> None:
        """What is asked arrives; of the answer the first bytes are the last, until `mend`."""
        self._swallows = True

    def vanish(self) -> None:
        """The connections that there are stay open and carry nothing any more, for ever: nobody is told. New ones work."""
        self._loop.call_soon_threadsafe(lambda: self._dead.update(self._writers))

    def mend(self) -> None:
        self._refuses = self._stalls = self._swallows = False
        # Whatever hung is at an end.
        self._loop.call_soon_threadsafe(self._reset, True)

    def end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    # How it works

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._accept, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        self._loop.run_forever()
        server.close()
        self._reset()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.close()

    def _reset(self, spares_dead: bool = False) -> None:
        for writer in self._writers - (self._dead if spares_dead else set()):
            self._abort(writer)

    def _abort(self, writer: asyncio.StreamWriter) -> None:
        connection = writer.get_extra_info("socket")
        if connection is not None and connection.fileno() >= 0:
            # Closed with a reset, as a cut line or a dying router ends it.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._refuses:
            self._abort(writer)
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            self._abort(writer)
            return
        self._writers |= {writer, far_writer}
        try:
            await asyncio.gather(self._hand_on(reader, far_writer, False), self._hand_on(far_reader, writer, True))
        except (OSError, asyncio.CancelledError):
            # Cut by one side or by this test: how it ends is what is asked for.
            return
        finally:
            self._writers -= {writer, far_writer}
            self._dead -= {writer, far_writer}
            self._abort(writer)
            self._abort(far_writer)

    async def _hand_on(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, is_answer: bool) -> None:
        while data := await source.read(CHUNK):
            while self._stalls or sink in self._dead:
                await asyncio.sleep(0.05)
            if self._swallows and is_answer:
                sink.write(data[:16])
                await sink.drain()
                raise ConnectionResetError
            sink.write(data)
            await sink.drain()
        if sink.can_write_eof():
            sink.write_eof()
