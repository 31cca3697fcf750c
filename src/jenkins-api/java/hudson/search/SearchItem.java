package hudson.search;

public interface SearchItem {
    java.lang.String getSearchName();

    java.lang.String getSearchUrl();

    hudson.search.SearchIndex getSearchIndex();
}
