"""Lists that come in pages, read as one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence
from typing import Callable, Generic, Protocol, TypeVar


class _Page(Protocol):
    @property
    def next_page_token(self) -> str: ...


PageT = TypeVar("PageT", bound=_Page)
ItemT = TypeVar("ItemT")


class Pager(Generic[PageT, ItemT]):
    """Iterates over the items of all pages; each page is fetched when needed.

    Every iteration begins with the first page, which is fetched once. Raises
    DoppelError where a page cannot be fetched.
    """

    def __init__(
        self,
        fetch: Callable[[str], PageT],
        items: Callable[[PageT], Sequence[ItemT]],
    ) -> None:
        """Takes what fetches a page by its token, and what is in a page."""
        self._fetch = fetch
        self._items = items
        self._first: PageT | None = None

    @property
    def first_page(self) -> PageT:
        """The first answer, with what only it holds: total_size, warnings."""
        if self._first is None:
            self._first = self._fetch("")
        return self._first

    def pages(self) -> Iterator[PageT]:
        """Iterates over the answers."""
        page = self.first_page
        yield page
        while page.next_page_token:
            page = self._fetch(page.next_page_token)
            yield page

    def __iter__(self) -> Iterator[ItemT]:
        """Iterates over the items of all pages."""
        for page in self.pages():
            yield from self._items(page)


class AsyncPager(Generic[PageT, ItemT]):
    """As Pager, for `async for`."""

    def __init__(
        self,
        fetch: Callable[[str], Awaitable[PageT]],
        items: Callable[[PageT], Sequence[ItemT]],
    ) -> None:
        """Takes what fetches a page by its token, and what is in a page."""
        self._fetch = fetch
        self._items = items
        self._first: PageT | None = None

    async def first_page(self) -> PageT:
        """The first answer, with what only it holds: total_size, warnings."""
        if self._first is None:
            self._first = await self._fetch("")
        return self._first

    async def pages(self) -> AsyncIterator[PageT]:
        """Iterates over the answers."""
        page = await self.first_page()
        yield page
        while page.next_page_token:
            page = await self._fetch(page.next_page_token)
            yield page

    async def __aiter__(self) -> AsyncIterator[ItemT]:
        """Iterates over the items of all pages."""
        async for page in self.pages():
            for item in self._items(page):
                yield item
