package hudson.model;

public abstract class AbstractModelObject implements hudson.search.SearchableModelObject {
    public final hudson.search.SearchIndex getSearchIndex() {
        throw new UnsupportedOperationException();
    }

    public hudson.search.Search getSearch() {
        throw new UnsupportedOperationException();
    }

    public java.lang.String getSearchName() {
        throw new UnsupportedOperationException();
    }
}
